import type { KeptOperation } from '../approval/proposal.ts';
import { textOf } from '../approval/stored.ts';
import type { FileChanges } from '../shared/change-view.ts';
import { awaitsPerson } from '../shared/decision.ts';
import { changesOf } from '../workspace/changes.ts';
import type { FileTexts } from './change-pieces.ts';
import type { Core } from './core.ts';
import type { Reviewed } from './review-text.ts';

/** Both sides of a file of a proposal as text, or null if it has none. */
export function textsOf(core: Pick<Core, 'bytes'>, file: KeptOperation): FileTexts | null {
  const base = textOf(file.baseSha256, file, core);
  const shown = textOf(file.newSha256, file, core);
  return base === null || shown === null ? null : { base, shown };
}

/** A proposal as it stands, for reading it as text; null where there is none of that id. */
export function reviewedOf(core: Core, proposalId: string): Reviewed | null {
  const proposal = core.proposal(proposalId);
  const reviewed = core.review(proposalId);
  if (proposal === null || reviewed === null) return null;
  const { threadId, state, operations } = proposal;
  const changes = core.changes(proposalId);
  const texts = operations.map((file, place) =>
    changes?.files[place]?.isText === false ? null : textsOf(core, file),
  );
  const files = changes?.files ?? (awaitsPerson(state) ? operations.map(asOne(texts)) : []);
  const threadTitle = titleOfThread(core, threadId);
  return { ...reviewed, state, files, texts, threadTitle, progress: changes?.progress ?? null };
}

/** A file of what settles an effect, or is to be settled: it is taken with all others, or not at all. */
function asOne(
  texts: readonly (FileTexts | null)[],
): (file: KeptOperation, operation: number) => FileChanges {
  return (file, operation) => {
    const { displayPath, realPath, to, baseSha256, newSha256 } = file;
    const { base = '', shown = '' } = texts[operation] ?? {};
    const written = baseSha256 === null ? 'create' : 'edit';
    return {
      ...{ operation, realPath, path: displayPath, to: to?.displayPath ?? null },
      kind: newSha256 === null ? 'delete' : to === null ? written : 'move',
      isText: texts[operation] !== null,
      tooLarge: '',
      changes: [],
      own: changesOf(base, shown).map(({ newStart: start, added }) => ({
        start,
        end: start + added.length,
      })),
    };
  };
}

export function titleOfThread({ threads }: Pick<Core, 'threads'>, threadId: string): string {
  return threads.list().find((one) => one.threadId === threadId)?.title ?? '';
}
