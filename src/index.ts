/** The plugins of the JupyterLab extension; nothing else. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { adding } from './lab/adding';
import { browser } from './lab/browser';
import { chips } from './lab/chips';
import { inserting } from './lab/inserting';
import { launcher } from './lab/launcher';
import { lessons } from './lab/lessons';
import { opening } from './lab/opening';
import { settings } from './lab/settings';
import { start } from './lab/start';
import { uploading } from './lab/uploading';
import { vectors } from './lab/vectors';

const plugins: JupyterFrontEndPlugin<void>[] = [
  settings,
  lessons,
  opening,
  browser,
  launcher,
  adding,
  uploading,
  vectors,
  chips,
  inserting,
  start
];

export default plugins;
