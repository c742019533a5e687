import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { assertNever } from '../../src/shared/lifecycle.ts';
import type { Readiness } from '../../src/shared/protocol.ts';
import type { StorageNotice } from '../../src/shared/storage.ts';
import type {
  Failure,
  FailureAction,
  ThreadStatus,
  ThreadView,
} from '../../src/shared/thread-view.ts';
import type { Panel } from '../panel.ts';

type Shown = TemplateResult | typeof nothing;

interface Action {
  readonly label: string;
  readonly run: (event: Event) => void;
}

/** What stands between the user and the agent, each with the one thing to do about it. */
export function notices(panel: Panel): Shown[] {
  const { thread, environment, problem } = panel;
  return [
    environment === null ? nothing : readinessNotice(environment.readiness, panel),
    environment?.storage ? storageNotice(environment.storage, panel) : nothing,
    thread === null ? nothing : runNotice(thread, panel),
    problem === null ? nothing : problemNotice(problem, panel),
  ];
}

function readinessNotice(readiness: Readiness, panel: Panel): Shown {
  switch (readiness) {
    case 'ready':
      return nothing;
    case 'noFolder':
      return notice('info', 'readiness', t('The agent works in a folder. Open one to begin.'), {
        label: t('Open Folder'),
        run: () => void panel.runCommand('openFolder'),
      });
    case 'untrusted':
      return notice(
        'warning',
        'readiness',
        t('This folder is in Restricted Mode. The agent works only in folders that you trust.'),
        { label: t('Manage Trust'), run: () => void panel.runCommand('manageTrust') },
      );
    case 'unsupported':
      return notice(
        'error',
        'readiness',
        t('This editor is too old: Countersign needs VS Code 1.103 or later.'),
      );
    default:
      return assertNever(readiness);
  }
}

/** For as long as it holds; the words are the host's. */
function storageNotice({ kind, message, ways }: StorageNotice, panel: Panel): TemplateResult {
  const actions = ways.map(({ way, label }) => ({
    label,
    run: (): void => void panel.chooseStorage(way),
  }));
  if (kind === 'closed')
    actions.push({ label: t('Show Log'), run: () => void panel.runCommand('showLog') });
  return notice(kind === 'closed' ? 'error' : 'warning', 'storage', message, ...actions);
}

function runNotice({ status, failure, elsewhere, at }: ThreadView, panel: Panel): Shown {
  if (elsewhere) return elsewhereNotice(status, panel);
  if (failure !== null) {
    return quietNotice('error', 'failure', failure.message, failureActions(failure, panel));
  }
  if (status === 'paused') return pausedNotice(at, panel);
  return status === 'unfinished'
    ? quietNotice('warning', 'unfinished', t('The run was cut off.'), [
        { label: t('Continue'), run: () => void panel.resume() },
      ])
    : nothing;
}

/** Where a run stops that the user wanted to stop. */
function pausedNotice(at: readonly string[], panel: Panel): TemplateResult {
  return quietNotice('info', 'paused', t('Paused before {0}.', at.join(', ')), [
    { label: t('Continue'), run: () => void panel.resume() },
    { label: t('Step'), run: () => void panel.runCommand('stepRun') },
    { label: t('Edit State'), run: () => void panel.runCommand('editState') },
    { label: t('End the Run'), run: () => void panel.runCommand('cancelRun') },
  ]);
}

function elsewhereNotice(status: ThreadStatus, panel: Panel): Shown {
  const words =
    status === 'running'
      ? t(
          'The agent works on this conversation in another window or on another machine. You can watch it here.',
        )
      : t(
          'This conversation is open in another window or on another machine. You can watch it here.',
        );
  return notice('info', 'elsewhere', words, {
    label: t('Continue Here'),
    run: () => void panel.runCommand('takeOver'),
  });
}

/** The one thing to do about it; where that mends the cause, the run can be tried again after it. */
function failureActions({ action }: Failure, panel: Panel): Action[] {
  const retry = { label: t('Retry'), run: () => void panel.resume() };
  if (action === null) return [];
  if (action === 'retry') return [retry];
  const mend = { label: labelOf(action), run: () => void panel.runCommand(action) };
  return action === 'setApiKey' || action === 'openSettings' ? [mend, retry] : [mend];
}

function labelOf(action: Exclude<FailureAction, 'retry'>): string {
  switch (action) {
    case 'setApiKey':
      return t('Set API Key');
    case 'openSettings':
      return t('Open Settings');
    case 'showLog':
      return t('Show Log');
    case 'newThread':
      return t('New Thread');
    case 'takeOver':
      return t('Continue Here');
    default:
      return assertNever(action);
  }
}

function problemNotice(problem: string, panel: Panel): TemplateResult {
  const action: Action = panel.unreachable
    ? { label: t('Retry'), run: () => void panel.retrySync() }
    : {
        label: t('Dismiss'),
        run: () => {
          panel.report(null);
        },
      };
  return notice('error', 'problem', problem, action);
}

type Level = 'info' | 'warning' | 'error';

export function notice(
  level: Level,
  testId: string,
  text: string,
  ...actions: readonly Action[]
): TemplateResult {
  return quietNotice(level, testId, text, actions, 'alert');
}

/** For what is announced as it happens: it is not said twice. */
function quietNotice(
  level: Level,
  testId: string,
  text: string,
  actions: readonly Action[],
  role = 'group',
): TemplateResult {
  return html`<div class="notice ${level}" role=${role} data-testid=${testId}>
    <span class="codicon codicon-${level}"></span>
    <span class="notice-text">${text}</span>
    ${actions.map(
      ({ label, run }) =>
        html`<button type="button" class="button secondary" @click=${run}>${label}</button>`,
    )}
  </div>`;
}
