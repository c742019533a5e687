import { askByFetch } from './bare/ask.ts';
import { openBareLoop } from './bare/session.ts';
import { runSubject } from './process.ts';

runSubject((host) => openBareLoop(host, askByFetch));
