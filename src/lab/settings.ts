/** The plugin of the settings: what a reader prefers, given to the elements of this page. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { load } from '../model/storage';
import { runtime } from '../model/runtime';
import { SETTINGS } from './commands';

/** What only the Lab needs to know. */
export const labPreferences = { openNotebook: true };

export const settings: JupyterFrontEndPlugin<void> = {
  id: SETTINGS,
  description: 'Reads the settings of KnowHub. Without a setting registry the defaults hold.',
  autoStart: true,
  optional: [ISettingRegistry],
  activate: async (_app, registry: ISettingRegistry | null) => {
    const loaded = await registry?.load(SETTINGS).catch(() => null);
    if (!loaded) {
      return;
    }
    const apply = () => {
      const { preferences } = runtime();
      preferences.follow = loaded.get('followTranscript').composite as boolean;
      preferences.speed = load<number>('speed') ?? (loaded.get('defaultSpeed').composite as number);
      labPreferences.openNotebook = loaded.get('openNotebook').composite as boolean;
    };
    loaded.changed.connect(apply);
    apply();
  }
};
