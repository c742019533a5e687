import { config as configureL10n } from '@vscode/l10n';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { databaseIn } from '../checkpoint/files.ts';
import { countPending, looksDamaged } from '../checkpoint/pending.ts';
import { hasSqlite } from '../checkpoint/sqlite.ts';
import { resolveStorageFolder } from '../checkpoint/storage-folder.ts';
import { UserFacingError } from '../shared/errors.ts';
import { type Event, createEmitter } from '../shared/lifecycle.ts';
import type { Readiness } from '../shared/protocol.ts';
import type {
  HistoryMarker,
  StorageMode,
  StorageNotice,
  StorageProblem,
  StorageWay,
} from '../shared/storage.ts';
import { isStorageProblem } from '../shared/storage.ts';
import type { Core } from '../threads/core.ts';
import { confirmInEditor } from './confirm.ts';
import { editorState } from './editor-state.ts';
import { maintenanceIn } from './history-settings.ts';
import { SETTINGS } from './ids.ts';
import type { ModelSettings } from './model-settings.ts';
import { readBreakpoints } from './run-setting.ts';
import { auditHeadIn, markerIn, patiently, recover } from './storage-opening.ts';
import { noticeOf } from './storage-words.ts';

/** Loads the core on first use; until then the extension costs next to nothing. */
export interface CoreHost {
  readonly onOpened: Event<Core>;
  readonly onReadinessChanged: Event<null>;
  readonly onStorageChanged: Event<null>;
  readiness(): Readiness;
  /** @throws UserFacingError saying what stands in the way, or why the database cannot be opened */
  open(): Promise<Core>;
  /** The core if it is loaded. */
  loaded(): Core | null;
  /** True if there is anything stored to show, or was. */
  hasHistory(): boolean;
  /** How many approvals wait, without loading the core. */
  countPending(): number;
  /** True if a look, without loading the core, tells that something happened to the history. */
  looksDamaged(): boolean;
  /** What is to be said about the file with the conversations, or null if all is well. */
  storage(): StorageNotice | null;
  /**
   * Goes on in a way that was chosen.
   * @param aside name under which the file is kept, where it is set aside
   */
  choose(way: StorageWay, aside: string): Promise<void>;
  close(): Promise<void>;
}

export interface CoreHostDeps {
  readonly storageUri: vscode.Uri | undefined;
  readonly settings: ModelSettings;
  readonly log: vscode.LogOutputChannel;
  /** Keeps the head of the audit and the identity of the history, away from the database. */
  readonly memory: vscode.Memento;
  /** Where the extension is installed. */
  readonly extensionUri: vscode.Uri;
  readonly secrets: vscode.SecretStorage;
}

export function createCoreHost(deps: CoreHostDeps): CoreHost {
  configureL10n({ contents: vscode.l10n.bundle ?? {} });
  return new EditorCoreHost(deps);
}

class EditorCoreHost implements CoreHost {
  readonly #deps: CoreHostDeps;
  readonly #folder: string | null;
  readonly #marker: HistoryMarker;
  readonly #opened = createEmitter<Core>((error) => {
    this.#deps.log.error(String(error));
  });
  readonly #readinessChanged = createEmitter<null>();
  readonly #storageChanged = createEmitter<null>();
  readonly #subscriptions: vscode.Disposable[];
  #opening: Promise<Core> | null = null;
  #core: Core | null = null;
  #mode: StorageMode = 'normal';
  #problem: StorageProblem | null = null;
  /** How many bytes are free, if that is little. */
  #lowSpace: number | null = null;
  #closed = false;

  readonly onOpened = this.#opened.event;
  readonly onReadinessChanged = this.#readinessChanged.event;
  readonly onStorageChanged = this.#storageChanged.event;

  constructor(deps: CoreHostDeps) {
    this.#deps = deps;
    const { storageUri, memory } = deps;
    this.#folder = storageUri?.scheme === 'file' ? resolveStorageFolder(storageUri.fsPath) : null;
    this.#marker = markerIn(memory);
    const changed = (): void => {
      this.#readinessChanged.fire(null);
    };
    this.#subscriptions = [
      vscode.workspace.onDidGrantWorkspaceTrust(changed),
      vscode.workspace.onDidChangeWorkspaceFolders(changed),
    ];
  }

  readiness(): Readiness {
    return readinessOf(this.#folder);
  }

  loaded(): Core | null {
    return this.#core;
  }

  hasHistory(): boolean {
    const folder = this.#folder;
    return folder !== null && (existsSync(databaseIn(folder)) || this.looksDamaged());
  }

  countPending(): number {
    return this.#folder === null ? 0 : countPending(this.#folder);
  }

  looksDamaged(): boolean {
    return this.#folder !== null && looksDamaged(this.#folder, this.#marker.read());
  }

  storage(): StorageNotice | null {
    return noticeOf(this.#mode, this.#problem, this.#lowSpace);
  }

  open(): Promise<Core> {
    const readiness = this.readiness();
    if (readiness !== 'ready' || this.#folder === null) {
      return Promise.reject(new UserFacingError('notReady', explain(readiness)));
    }
    // It stands until a way on is chosen.
    if (this.#problem !== null && this.#mode === 'normal') return Promise.reject(this.#problem);
    return this.#opening ?? this.#begin(this.#load(this.#folder));
  }

  async choose(way: StorageWay, aside: string): Promise<void> {
    const folder = this.#folder;
    if (folder === null) return;
    const before = this.#problem;
    const closing = this.#closeCore();
    // Whoever opens meanwhile gets what comes of it.
    const opening = this.#begin(
      closing.then(async () => {
        const core = await import('../threads/core.ts');
        recover(core, way, { folder, marker: this.#marker, aside });
        if (way === 'readOnly' || way === 'inMemory') this.#become(way, before);
        return this.#load(folder);
      }),
    );
    this.#become('normal', null);
    await opening;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const subscription of this.#subscriptions) subscription.dispose();
    await this.#closeCore();
  }

  async #closeCore(): Promise<void> {
    const core = this.#core;
    this.#core = null;
    this.#opening = null;
    await core?.close();
  }

  #begin(opening: Promise<Core>): Promise<Core> {
    this.#opening = opening.catch((error: unknown) => {
      this.#opening = null;
      if (isStorageProblem(error)) this.#record(error);
      throw error;
    });
    return this.#opening;
  }

  async #load(storageFolder: string): Promise<Core> {
    const module = await import('../threads/core.ts');
    const { settings, log, memory } = this.#deps;
    const isShared = vscode.workspace.getConfiguration().get(SETTINGS.postgres) === true;
    const shared =
      isShared && this.#mode === 'normal'
        ? await (await import('./share-history.ts')).connectAsSet(module, this.#deps)
        : null;
    const open = (): Core =>
      module.openCore(
        {
          storageFolder,
          shared,
          editor: editorState,
          confirm: confirmInEditor,
          auditHead: auditHeadIn(memory),
          marker: this.#marker,
          storageMode: this.#mode,
          ...(this.#mode === 'normal' ? { maintenance: maintenanceIn(this.#deps) } : {}),
          breakpoints: readBreakpoints,
          strings: vscode.l10n.bundle ?? {},
          onStorageProblem: (problem) => {
            this.#broke(problem);
          },
          onSpace: (free, isLow) => {
            this.#tellSpace(isLow ? free : null);
          },
          log: (error) => {
            log.error(error instanceof Error ? error : String(error));
          },
        },
        () => settings.read(),
      );
    const core = await module.openWith(shared, () => patiently(open, () => this.#closed));
    this.#core = core;
    this.#opened.fire(core);
    return core;
  }

  #record(problem: StorageProblem): void {
    this.#deps.log.error(problem.message);
    this.#become('normal', problem);
  }

  #become(mode: StorageMode, problem: StorageProblem | null): void {
    this.#mode = mode;
    this.#problem = problem;
    this.#storageChanged.fire(null);
  }

  /** Found in use: what is damaged is not written to any more. What is full may be free again soon. */
  #broke(problem: StorageProblem): void {
    if (problem.trouble !== 'damaged' || this.#mode !== 'normal' || this.#problem !== null) return;
    this.#record(problem);
    this.#closeCore().catch((error: unknown) => {
      this.#deps.log.error(String(error));
    });
  }

  #tellSpace(free: number | null): void {
    const changed = (free === null) !== (this.#lowSpace === null);
    this.#lowSpace = free;
    if (changed) this.#storageChanged.fire(null);
  }
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
