import * as vscode from 'vscode';
import type { Proposal } from '../approval/proposal.ts';
import type { Core } from '../threads/core.ts';
import type { CoreHost } from './core-host.ts';
import { placeOf, reviewedIn } from './proposal-uris.ts';

const TITLES = 'countersign.diffTitles';

/** An editor of ours that is the active one. */
export interface ActiveDiff {
  readonly proposalId: string;
  /** True if it is a diff of all files of the proposal. */
  readonly whole: boolean;
}

/** The open editors of proposals, as tabs. */
export interface DiffTabs {
  active(): ActiveDiff | null;
  /** A diff of this proposal is about to be opened. */
  opening(proposal: Proposal): void;
  /**
   * The title for a diff of all its files: the wanted one, or one like it that no other proposal
   * has. The editor tells nothing else of such a tab.
   */
  titleFor(proposalId: string, wanted: string): string;
  /** True if the files of the proposal are not those that its diffs were opened for. */
  areOthers(proposal: Proposal): boolean;
  of(proposalId: string): readonly vscode.Tab[];
  /** Those with text that is not saved stay. */
  close(proposalId: string, which: 'all' | 'whole'): Promise<void>;
}

/** What a tab with several diffs is not. What it is, only a proposed part of the API would tell. */
const OTHERS = [
  vscode.TabInputCustom,
  vscode.TabInputWebview,
  vscode.TabInputNotebook,
  vscode.TabInputNotebookDiff,
  vscode.TabInputTerminal,
];

export interface DiffTabsDeps {
  readonly host: CoreHost;
  /** Keeps the titles, since the editor brings tabs back after a restart. */
  readonly memory: vscode.Memento;
}

export function createDiffTabs({ host, memory }: DiffTabsDeps): DiffTabs {
  const files = new Map<string, string>();
  const titles = new Map(Object.entries(memory.get<Record<string, string>>(TITLES, {})));
  const shownBy = (tab: vscode.Tab | undefined): ActiveDiff | null => {
    const input = tab?.input;
    if (input instanceof vscode.TabInputTextDiff) {
      const proposalId = placeOf(input.modified)?.proposalId;
      if (proposalId === undefined) return null;
      const count = host.loaded()?.proposal(proposalId)?.operations.length;
      // Next to another proposal, it does not show what becomes of the file.
      const other = placeOf(input.original)?.proposalId ?? proposalId;
      return { proposalId, whole: count === 1 && other === proposalId };
    }
    if (input instanceof vscode.TabInputText) {
      const proposalId = placeOf(input.uri)?.proposalId;
      return proposalId === undefined ? null : { proposalId, whole: false };
    }
    if (tab === undefined || OTHERS.some((kind) => input instanceof kind)) return null;
    for (const [title, proposalId] of titles) {
      // The editor says behind the title how many files there are.
      if (tab.label === title || tab.label.startsWith(`${title} (`)) {
        return { proposalId, whole: true };
      }
    }
    return null;
  };
  const of = (proposalId: string): readonly vscode.Tab[] =>
    vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter((tab) => shownBy(tab)?.proposalId === proposalId);
  return {
    of,
    active() {
      const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
      const proposalId = tab?.input instanceof vscode.TabInputText && reviewedIn(tab.input.uri);
      return typeof proposalId === 'string' ? { proposalId, whole: true } : shownBy(tab);
    },
    opening(proposal) {
      files.set(proposal.proposalId, filesOf(proposal));
    },
    areOthers(proposal) {
      const before = files.get(proposal.proposalId);
      return before !== undefined && before !== filesOf(proposal);
    },
    titleFor(proposalId, wanted) {
      forgetSettled(titles, host.loaded());
      let title = wanted;
      for (let number = 2; (titles.get(title) ?? proposalId) !== proposalId; number++) {
        title = `${wanted} ${number}`;
      }
      titles.set(title, proposalId);
      void memory.update(TITLES, Object.fromEntries(titles));
      return title;
    },
    async close(proposalId, which) {
      const tabs = of(proposalId).filter(
        (tab) => !tab.isDirty && (which === 'all' || shownBy(tab)?.whole === true),
      );
      if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
    },
  };
}

function forgetSettled(titles: Map<string, string>, core: Core | null): void {
  for (const [title, proposalId] of titles) {
    const state = core?.proposal(proposalId)?.state ?? 'cancelled';
    if (!['proposed', 'approved', 'claimed'].includes(state)) titles.delete(title);
  }
}

/** What of the files decides how a diff of them is put together. */
function filesOf({ operations }: Proposal): string {
  return JSON.stringify(
    operations.map(({ realPath, to, baseSha256, newSha256 }) => [
      realPath,
      to?.realPath ?? null,
      baseSha256 === null,
      newSha256 === null,
    ]),
  );
}
