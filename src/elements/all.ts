/** Defines every element. */

import './ask';
import './course';
import './document';
import './embeddings';
import './files';
import './history';
import './jobs';
import './lesson';
import './notes';
import './notes-window';
import './plan';
import './player';
import './progress';
import './recognise';
import './search';
import './speech';
import './transcript';
import './upload';
