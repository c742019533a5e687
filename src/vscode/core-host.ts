import { config as configureL10n } from '@vscode/l10n';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { AuditHead } from '../approval/audit.ts';
import { DATABASE_FILE, hasSqlite } from '../checkpoint/database.ts';
import { countPending } from '../checkpoint/pending.ts';
import { resolveStorageFolder } from '../checkpoint/storage-folder.ts';
import { UserFacingError } from '../shared/errors.ts';
import { type Event, createEmitter } from '../shared/lifecycle.ts';
import type { Readiness } from '../shared/protocol.ts';
import type { Core } from '../threads/core.ts';
import { editorState } from './editor-state.ts';
import { maintenanceIn } from './history-settings.ts';
import type { ModelSettings } from './model-settings.ts';

const AUDIT_HEAD = 'countersign.auditHead';

/** Loads the core on first use; until then the extension costs next to nothing. */
export interface CoreHost {
  readonly onOpened: Event<Core>;
  readonly onReadinessChanged: Event<null>;
  readiness(): Readiness;
  /** @throws UserFacingError saying what stands in the way, or why the database cannot be opened */
  open(): Promise<Core>;
  /** The core if it is loaded. */
  loaded(): Core | null;
  /** True if there is anything stored to show. */
  hasHistory(): boolean;
  /** How many approvals wait, without loading the core. */
  countPending(): number;
  close(): Promise<void>;
}

export interface CoreHostDeps {
  readonly storageUri: vscode.Uri | undefined;
  readonly settings: ModelSettings;
  readonly log: vscode.LogOutputChannel;
  /** Keeps the head of the audit, away from the database. */
  readonly memory: vscode.Memento;
  /** Where the extension is installed. */
  readonly extensionUri: vscode.Uri;
}

export function createCoreHost(deps: CoreHostDeps): CoreHost {
  configureL10n({ contents: vscode.l10n.bundle ?? {} });
  const log = (error: unknown): void => {
    deps.log.error(error instanceof Error ? error : String(error));
  };
  const opened = createEmitter<Core>(log);
  const readinessChanged = createEmitter<null>();
  const subscriptions = [
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      readinessChanged.fire(null);
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      readinessChanged.fire(null);
    }),
  ];
  const folder =
    deps.storageUri?.scheme === 'file' ? resolveStorageFolder(deps.storageUri.fsPath) : null;
  let opening: Promise<Core> | null = null;
  let core: Core | null = null;

  const load = async (storageFolder: string): Promise<Core> => {
    const { openCore } = await import('../threads/core.ts');
    core = openCore(
      {
        storageFolder,
        editor: editorState,
        auditHead: auditHeadIn(deps.memory),
        maintenance: maintenanceIn(deps),
        strings: vscode.l10n.bundle ?? {},
        log,
      },
      () => deps.settings.read(),
    );
    opened.fire(core);
    return core;
  };

  return {
    onOpened: opened.event,
    onReadinessChanged: readinessChanged.event,
    readiness: () => readinessOf(folder),
    open() {
      const readiness = readinessOf(folder);
      if (readiness !== 'ready' || folder === null) {
        return Promise.reject(new UserFacingError('notReady', explain(readiness)));
      }
      opening ??= load(folder).catch((error: unknown) => {
        opening = null;
        throw error;
      });
      return opening;
    },
    loaded: () => core,
    hasHistory: () => folder !== null && existsSync(join(folder, DATABASE_FILE)),
    countPending: () => (folder === null ? 0 : countPending(folder)),
    async close() {
      for (const subscription of subscriptions) subscription.dispose();
      await core?.close();
      core = null;
    },
  };
}

function auditHeadIn(memory: vscode.Memento): AuditHead {
  return {
    read: () => memory.get<string>(AUDIT_HEAD) ?? null,
    write: (head) => void memory.update(AUDIT_HEAD, head),
  };
}

function readinessOf(folder: string | null): Readiness {
  if (folder === null || editorState.folders().length === 0) return 'noFolder';
  if (!vscode.workspace.isTrusted) return 'untrusted';
  return hasSqlite() ? 'ready' : 'unsupported';
}

function explain(readiness: Readiness): string {
  switch (readiness) {
    case 'noFolder':
      return vscode.l10n.t('Open a folder first: Countersign works on the files of a folder.');
    case 'untrusted':
      return vscode.l10n.t('The agent is off until you trust this folder.');
    case 'unsupported':
    case 'ready':
      return vscode.l10n.t('This editor is too old: Countersign needs VS Code 1.103 or later.');
  }
}
