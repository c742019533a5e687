import type { Results } from '../measure/all.ts';
import type { ProseFigures } from '../measure/prose.ts';
import { beside, short, table, withRatio } from './format.ts';

/** What a long conversation costs at each of the marks that at least one subject has reached. */
export function proseTable({ subjects }: Results): string {
  const talks = subjects.flatMap(({ name, prose }) => (prose === null ? [] : [{ name, prose }]));
  if (talks.length === 0) return '';
  const bare = subjects.find(({ key }) => key === 'bare')?.prose ?? null;
  const reached = talks.flatMap(({ prose }) => prose.turnMs.map(({ at }) => at));
  const marks = [...new Set(reached)].toSorted((a, b) => a - b);
  return table(
    [
      'messages of 1 KB',
      ...marks.map((at) => `kB a message at ${at}`),
      ...marks.map((at) => `turn at ${at}`),
      'MB on disk / after upkeep',
      'resume, new process / after upkeep',
      'reopen',
      'MB',
    ],
    talks.map(({ name, prose }) => [name, ...marked(prose, bare, marks), ...whole(prose, bare)]),
  );
}

function marked(prose: ProseFigures, bare: ProseFigures | null, marks: readonly number[]) {
  const cells = (pick: (of: ProseFigures, at: number) => number | undefined): string[] =>
    marks.map((at) => {
      const value = pick(prose, at);
      return value === undefined
        ? ''
        : withRatio(value, bare === null ? undefined : pick(bare, at));
    });
  return [
    ...cells(({ bytesPerMessage }, mark) => {
      const bytes = bytesPerMessage.find(({ at }) => at === mark)?.bytes;
      return bytes === undefined ? undefined : bytes / 1000;
    }),
    ...cells(({ turnMs }, mark) => turnMs.find(({ at }) => at === mark)?.ms),
  ];
}

/** At the end of the conversation; not to be compared with one that is longer. */
function whole(prose: ProseFigures, bare: ProseFigures | null): string[] {
  const { messages, megabytes, resume, reopen, afterUpkeep, peakRssMb } = prose;
  const floor = bare?.messages === messages ? bare : undefined;
  return [
    beside(short(megabytes), afterUpkeep && short(afterUpkeep.bytes / 1e6)),
    beside(
      withRatio(resume, floor?.resume),
      afterUpkeep && withRatio(afterUpkeep.resume, floor?.resume),
    ),
    reopen === null ? '' : short(reopen),
    short(peakRssMb),
  ];
}
