import { config as configureL10n } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Core } from '../threads/core.ts';
import type { ChatView } from './chat-view.ts';
import { followNotifications } from './notifications.ts';
import type { Reviews } from './reviews.ts';

/** Where the user learns that something waits, outside the panel and the files. */
export interface Inbox {
  /** Tells of what waits there, from now on. */
  follow(core: Core): void;
  dispose(): void;
}

export interface InboxDeps {
  readonly chat: ChatView;
  readonly reviews: Reviews;
  readonly onError: (error: unknown) => void;
}

/** A bundle of its own, loaded with the core: an editor that nothing waits in does without. */
export function createInbox(deps: InboxDeps): Inbox {
  configureL10n({ contents: vscode.l10n.bundle ?? {} });
  let followed = vscode.Disposable.from();
  return {
    follow(core) {
      followed.dispose();
      followed = vscode.Disposable.from(followNotifications(core, deps));
    },
    dispose() {
      followed.dispose();
    },
  };
}
