import './main.css';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import { config } from '@vscode/l10n';
import { App } from './app.ts';
import { Composer } from './composer/composer.ts';
import { acquireApi } from './host/vscode-api.ts';
import { ChatLog } from './log/chat-log.ts';
import { Reads } from './log/reads.ts';
import { Answer } from './markdown/answer.ts';
import { Memory } from './memory.ts';
import { Panel } from './panel.ts';
import { createRpc } from './rpc.ts';
import { playSound } from './sound.ts';
import { DecidedLine } from './tool/decided-line.ts';
import { MoreMenu } from './tool/more-menu.ts';
import { ReviewCard } from './tool/review-card.ts';

config({ contents: document.body.dataset['strings'] ?? '{}' });
customElements.define('cs-answer', Answer);
customElements.define('cs-reads', Reads);
customElements.define('cs-more', MoreMenu);
customElements.define('cs-decided', DecidedLine);
customElements.define('cs-review', ReviewCard);
customElements.define('cs-log', ChatLog);
customElements.define('cs-composer', Composer);
customElements.define('cs-app', App);

const api = acquireApi();
const rpc = createRpc((message) => {
  api.postMessage(message);
});
const memory = new Memory((kept) => {
  // Kept at the next chance, then: nothing here is worth a word to the user.
  rpc.call('remember', { memory: kept }).catch(() => undefined);
});
window.addEventListener('message', ({ data, origin }: MessageEvent<unknown>) => {
  // The host speaks through the page's own window; a frame that got in here has another origin.
  if (origin === window.origin) rpc.receive(data);
});
window.addEventListener('pagehide', () => {
  memory.save();
});
rpc.on('playSound', () => {
  const answer = async (): Promise<void> => {
    await rpc.call('soundPlayed', { outcome: await playSound() });
  };
  answer().catch(() => undefined);
});
const app = document.querySelector('cs-app');
if (app instanceof App) app.start(new Panel(rpc, memory), memory, rpc);
