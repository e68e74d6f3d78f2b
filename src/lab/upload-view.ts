/** The upload of one course as the content of a main-area tab: where files go in, and what is done with them. */

import { Widget } from '@lumino/widgets';
import '../elements/all';
import { knowhubIcon } from './icon';

export class UploadView extends Widget {
  /** `course` is an id. */
  constructor(
    readonly course: string,
    title: string
  ) {
    super();
    this.addClass('knowhub-UploadView');
    this.title.label = title;
    this.title.caption = `Add to ${title}`;
    this.title.icon = knowhubIcon;
    this.node.tabIndex = 0; // it scrolls
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', `Add to ${title}`);
    const heading = document.createElement('h2');
    heading.textContent = `Add to ${title}`;
    const upload = Object.assign(document.createElement('kh-upload'), { zone: this.node });
    upload.setAttribute('course', course);
    const jobs = document.createElement('kh-jobs');
    jobs.setAttribute('course', course);
    this.node.append(heading, upload, jobs);
  }
}
