/** The bundle of all elements, for pages outside JupyterLab. */

import '../elements/all';

export { parseTime } from '../model/times';
export { runtime } from '../model/runtime';
export { coursePage, lessonPage, placeOf } from '../api/address';
export { attach } from './binding';
