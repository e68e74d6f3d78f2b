/** The plugin of the side panel: courses, their lessons, and what is being worked on. */

import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { addIcon, CommandToolbarButton, PanelWithToolbar, SidePanel } from '@jupyterlab/ui-components';
import { type AccordionPanel, Widget } from '@lumino/widgets';
import '../elements/all';
import { CommandIDs, PLUGIN } from './commands';
import { knowhubIcon } from './icon';

function section(title: string, element: string): PanelWithToolbar {
  const panel = new PanelWithToolbar();
  panel.addClass('knowhub-Section');
  panel.title.label = title;
  const node = document.createElement(element);
  node.toggleAttribute('browse', true);
  node.toggleAttribute('author', true);
  node.tabIndex = 0; // it scrolls, and may hold nothing else that takes the focus
  node.setAttribute('role', 'region');
  node.setAttribute('aria-label', title);
  const body = new Widget({ node });
  panel.addWidget(body);
  return panel;
}

export const browser: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN}:browser`,
  description: 'The side panel with courses and jobs. Where the shell has no left area it is left out.',
  autoStart: true,
  optional: [ILabShell, ILayoutRestorer, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('knowhub');
    const panel = new SidePanel();
    panel.id = 'knowhub-browser';
    panel.addClass('knowhub-Browser');
    panel.title.icon = knowhubIcon;
    panel.title.caption = trans.__('KnowHub courses');
    panel.node.setAttribute('role', 'region');
    panel.node.setAttribute('aria-label', trans.__('KnowHub courses'));
    const courses = section(trans.__('Courses'), 'kh-course');
    const add = { commands: app.commands, id: CommandIDs.createCourse, icon: addIcon, label: '' };
    courses.toolbar.addItem('create', new CommandToolbarButton(add));
    panel.addWidget(courses);
    panel.addWidget(section(trans.__('Jobs'), 'kh-jobs'));
    (panel.content as AccordionPanel).setRelativeSizes([3, 1]);
    try {
      app.shell.add(panel, 'left', { rank: 550, type: 'KnowHub' });
    } catch {
      return; // a shell without a left area
    }
    restorer?.add(panel, 'knowhub-browser');
    // A course asked for elsewhere is shown here; the list itself changes in place.
    document.addEventListener('kh-open-course', event => {
      const [origin] = event.composedPath();
      const list = panel.node.querySelector('kh-course');
      if (origin instanceof Element && origin.localName !== 'kh-course') {
        event.preventDefault();
        list?.setAttribute('course', (event as CustomEvent<{ course: string }>).detail.course);
        void app.commands.execute(CommandIDs.showCourses);
      }
    });
    app.commands.addCommand(CommandIDs.showCourses, {
      label: trans.__('Show KnowHub Courses'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => {
        labShell?.expandLeft();
        app.shell.activateById(panel.id);
      }
    });
    palette?.addItem({ command: CommandIDs.showCourses, category: trans.__('KnowHub') });
  }
};
