import * as vscode from 'vscode';
import { type When, isTold } from '../threads/announcing.ts';
import { SETTINGS } from './ids.ts';
import type { InboxDeps } from './inbox.ts';
import { type Program, noticeProgram, runProgram, soundProgram } from './system-notice.ts';

/**
 * An extension cannot take a message back: of more than these that nobody has answered or closed,
 * the next ones have the same words, which the editor shows in the place of one another.
 */
const MOST_OPEN = 3;

/** Messages of the editor about the same kind of thing. */
export interface Pile {
  show(text: string, ...labels: string[]): Promise<string | undefined>;
  warn(text: string, ...labels: string[]): Promise<string | undefined>;
  /** There are many that nobody has answered or closed. */
  isCrowded(): boolean;
}

/** The ways to tell the user something, each as it is set. */
export interface Channels {
  /** Whether the editor is to show something now. */
  isTold(inView: boolean): boolean;
  /** Whether the end of a run is to be told now. */
  tellsEnds(): boolean;
  readonly approvals: Pile;
  readonly ends: Pile;
  /** Calls the user, by the system and by a sound. */
  call(text: string): void;
  /** Tries a way, and says what came of it. */
  readonly tests: Readonly<Record<'editor' | 'system' | 'sound', () => Promise<void>>>;
}

type Deps = Pick<InboxDeps, 'chat' | 'log'>;

export function createChannels(deps: Deps): Channels {
  const calling = (setting: string, way: (text: string) => Promise<string | null>) => {
    let failed = '';
    return async (text: string): Promise<void> => {
      if (!isNow(setting, false)) return;
      const problem = await way(text);
      // Said once: the Test command says it to whoever wants to know.
      if (problem !== null && problem !== failed) deps.log.warn(problem);
      failed = problem ?? '';
    };
  };
  const system = calling(SETTINGS.system, showInSystem);
  const sound = calling(SETTINGS.sound, () => playSound(deps));
  return {
    isTold: (inView) => isNow(SETTINGS.editor, inView),
    tellsEnds: () =>
      !vscode.window.state.focused &&
      vscode.workspace.getConfiguration().get<unknown>(SETTINGS.runEnd) === true,
    approvals: createPile(),
    ends: createPile(),
    call(text) {
      for (const way of [system, sound]) {
        way(text).catch((error: unknown) => {
          deps.log.error(String(error));
        });
      }
    },
    tests: {
      editor: testEditor,
      system: () => testSystem(),
      sound: () => testSound(deps),
    },
  };
}

function createPile(): Pile {
  let open = 0;
  const counted = async (shown: Thenable<string | undefined>): Promise<string | undefined> => {
    open++;
    try {
      return await shown;
    } finally {
      open--;
    }
  };
  return {
    show: (text, ...labels) => counted(vscode.window.showInformationMessage(text, ...labels)),
    warn: (text, ...labels) => counted(vscode.window.showWarningMessage(text, ...labels)),
    isCrowded: () => open >= MOST_OPEN,
  };
}

/** Settings of the machine: what a workspace says about them is not read. */
function isNow(setting: string, inView: boolean): boolean {
  const when = vscode.workspace.getConfiguration().get<When>(setting, 'never');
  return isTold(when, { focused: vscode.window.state.focused, inView });
}

/** Null if it is shown, as far as the system tells; else why not, and what to do. */
async function showInSystem(text: string): Promise<string | null> {
  return runHere(noticeProgram(process.platform, text));
}

/** By the panel, if it is open; else by the system. Null if it is played. */
async function playSound({ chat }: Deps): Promise<string | null> {
  if (await chat.playSound()) return null;
  const problem = await runHere(soundProgram(process.platform));
  if (problem === null) return null;
  const panel = vscode.l10n.t('The chat can play it while it is open and was clicked or typed in.');
  return `${problem} ${panel}`;
}

async function runHere(program: Program | null): Promise<string | null> {
  const { remoteName, uiKind } = vscode.env;
  if (remoteName !== undefined || uiKind !== vscode.UIKind.Desktop) {
    return vscode.l10n.t(
      'Countersign runs on another machine than your screen is on, or in a browser, and no extension there can reach your system.',
    );
  }
  if (program === null) {
    return process.platform === 'linux'
      ? vscode.l10n.t(
          'No program for it is installed. On most systems the package is libnotify-bin for notifications, libcanberra-gtk3-module or pulseaudio-utils for sounds.',
        )
      : vscode.l10n.t('There is no way to do it on this system.');
  }
  const problem = await runProgram(program);
  return problem === null ? null : vscode.l10n.t('{0} failed: {1}.', program.file, problem);
}

async function testEditor(): Promise<void> {
  await vscode.window.showInformationMessage(
    vscode.l10n.t('This is how the editor tells you that something waits for you.'),
  );
}

async function testSystem(): Promise<void> {
  const text = vscode.l10n.t('This is how the system tells you that something waits for you.');
  const problem = await showInSystem(text);
  if (problem === null) {
    await vscode.window.showInformationMessage(
      vscode.l10n.t(
        'A notification was given to your system. If you do not see it, look whether it is set not to disturb you.',
      ),
    );
  } else {
    await vscode.window.showWarningMessage(
      vscode.l10n.t('The system showed no notification. {0}', problem),
    );
  }
}

async function testSound(deps: Deps): Promise<void> {
  const problem = await playSound(deps);
  if (problem === null) {
    await vscode.window.showInformationMessage(vscode.l10n.t('The sound was played.'));
  } else {
    await vscode.window.showWarningMessage(vscode.l10n.t('No sound was played. {0}', problem));
  }
}
