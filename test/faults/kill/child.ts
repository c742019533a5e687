// Runs the core through a scenario until it is done, or is killed: `node child.mjs <config as JSON>`.
import { readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { atFailpoints } from '../../../src/shared/failpoint.ts';
import { assembleCore } from '../../../src/threads/core.ts';
import { FakeEditor } from '../../support/fake-editor.ts';
import type { ChildConfig, Line } from './lines.ts';
import { ScenarioModel } from './model.ts';
import { observeFiles } from './observer.ts';
import type { Scenario } from './scenario.ts';
import { User } from './user.ts';

const config = JSON.parse(process.argv[2] ?? '') as ChildConfig;
const { folder, storage, headFile, stopAt, clock } = config;
const scenario = JSON.parse(readFileSync(config.scenarioFile, 'utf8')) as Scenario;

function say(line: Line): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

const realNow = Date.now.bind(Date);
if (clock !== 0) Date.now = () => realNow() + clock;

let attention = '';
let passes = 0;
let counting = stopAt?.after === undefined;

function pass(name: string): void {
  if (stopAt === null || (stopAt.callId ?? attention) !== attention) return;
  counting ||= stopAt.after === name;
  if (!counting || (stopAt.name ?? name) !== name || ++passes !== stopAt.pass) return;
  say({ kind: 'at', name, callId: attention });
  const never = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(never, 0, 0, stopAt.milliseconds ?? Infinity);
}

atFailpoints(pass);
observeFiles(config, say);

const model = new ScenarioModel(scenario, (messages) => {
  say({ kind: 'asked', messages });
  pass('model.asked');
});
const core = assembleCore(
  {
    storageFolder: storage,
    editor: new FakeEditor([{ name: 'p', path: folder }]),
    auditHead: {
      read() {
        try {
          return readFileSync(headFile, 'utf8');
        } catch {
          return null;
        }
      },
      write: (head) => {
        writeFileSync(`${headFile}.new`, head);
        renameSync(`${headFile}.new`, headFile);
      },
    },
    breakpoints: () => ({ before: scenario.before ?? [], after: [] }),
    log: (error) => {
      say({ kind: 'error', text: error instanceof Error ? (error.stack ?? '') : String(error) });
    },
    strings: {},
  },
  () => Promise.resolve({ model, patience: 3600 }),
);

process.on('SIGTERM', () => {
  void core.close().then(() => {
    say({ kind: 'closed' });
    process.exit(0);
  });
});

await new User({
  core,
  scenario,
  say,
  onAttention(callId, what) {
    attention = callId;
    if (what !== 'deciding') pass(`user.${what}`);
  },
}).work();
await core.close();
say({ kind: 'finished' });
