import { config as configureL10n } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Core } from '../threads/core.ts';
import { type Channels, createChannels } from './channels.ts';
import type { ChatView } from './chat-view.ts';
import type { DiffTabs } from './diff-tabs.ts';
import { followNotifications } from './notifications.ts';
import { followRefusals } from './refusals.ts';
import type { Reviews } from './reviews.ts';

export { askToSendAnyway } from './refusals.ts';

/** Where the user learns that something waits, outside the panel and the files. */
export interface Inbox {
  /** Tells of what waits there, from now on. */
  follow(core: Core): void;
  /** Shows what one of the ways to tell comes to here, whatever the settings say. */
  test(channel: keyof Channels['tests']): Promise<void>;
  dispose(): void;
}

export interface InboxDeps {
  readonly chat: ChatView;
  readonly reviews: Reviews;
  readonly tabs: DiffTabs;
  readonly log: vscode.LogOutputChannel;
  readonly onError: (error: unknown) => void;
}

/** A bundle of its own, loaded with the core: an editor that nothing waits in does without. */
export function createInbox(deps: InboxDeps): Inbox {
  configureL10n({ contents: vscode.l10n.bundle ?? {} });
  let followed = vscode.Disposable.from();
  const channels = createChannels(deps);
  const told = new Set<string>();
  return {
    follow(core) {
      followed.dispose();
      followed = vscode.Disposable.from(
        followNotifications(core, { ...deps, channels, told }),
        followRefusals(core, { ...deps, channels }),
      );
    },
    test: (channel) => channels.tests[channel](),
    dispose() {
      followed.dispose();
    },
  };
}
