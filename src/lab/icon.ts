/** The mark of KnowHub: a line of text that plays. */

import { LabIcon } from '@jupyterlab/ui-components';

const svgstr = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="none" stroke="#616161" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
    <path class="jp-icon3" stroke="#616161" d="M4 4.5h10.5M4 19.5h16M4 9.5h3M4 14.5h3"/>
  </g>
  <path class="jp-icon3" fill="#616161" d="M11 7.6v8.8L19.4 12z"/>
</svg>`;

export const knowhubIcon = new LabIcon({ name: 'knowhub:mark', svgstr });
