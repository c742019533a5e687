import type { Results, SubjectResults } from '../measure/all.ts';
import type { StepFigures } from '../measure/steps.ts';
import { beside, kilobytes, short, table, withRatio } from './format.ts';
import { headlessTable } from './headless-table.ts';
import { proseTable } from './prose-table.ts';
import { targetsTable } from './targets.ts';

/** The results for a person. In brackets: the ratio to the bare loop of the same run. */
export function toMarkdown(results: Results): string {
  const { machine, quick, date, problems } = results;
  const parts = [
    `${date}, ${machine}${quick ? ', quick' : ''}. Milliseconds; in brackets the ratio to the bare loop.`,
    startTable(results),
    ...stepTables(results),
    proseTable(results),
    lockTable(results),
    servedTable(results),
    headlessTable(results),
    coreLines(results),
    targetsTable(results),
    problems.length === 0
      ? 'Every edit verified, no step lost or doubled.'
      : `**Not correct:**\n\n${problems.map((one) => `- ${one}`).join('\n')}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function startTable({ subjects }: Results): string {
  if (subjects.length === 0) return '';
  const bare = subjects.find(({ key }) => key === 'bare')?.start;
  return table(
    [
      'start',
      'start → request',
      'prompt → request',
      'next new prompt',
      'first request kB',
      'killed',
    ],
    subjects.map(({ name, start, killOk }) => [
      name,
      withRatio(start.startToRequest, bare?.startToRequest),
      withRatio(start.promptToRequest, bare?.promptToRequest),
      short(start.nextPromptToRequest),
      kilobytes(start.firstRequestBytes),
      killOk ? 'ok' : 'FAILED',
    ]),
  );
}

function stepTables({ subjects }: Results): string[] {
  const counts = [...new Set(subjects.flatMap(({ steps }) => steps.map((of) => of.steps)))];
  return counts.toSorted((a, b) => a - b).map((count) => stepTable(subjects, count));
}

function stepTable(subjects: readonly SubjectResults[], count: number): string {
  const at = ({ steps }: SubjectResults): StepFigures | undefined =>
    steps.find((of) => of.steps === count);
  const found = subjects.find(({ key }) => key === 'bare');
  const bare = found === undefined ? undefined : at(found);
  return table(
    [
      `${count} steps`,
      'step median / p95',
      'read / edit median',
      'drift',
      'CPU a step',
      'resume, new process / after upkeep',
      'resume, live',
      'MB',
      'stored kB a step / after upkeep',
      'prefix breaks',
    ],
    subjects.flatMap((subject) => {
      const of = at(subject);
      if (of === undefined) return [];
      return [
        [
          subject.name,
          `${withRatio(of.stepMedian, bare?.stepMedian)} / ${withRatio(of.stepP95, bare?.stepP95)}`,
          `${short(of.readMedian)} / ${short(of.editMedian)}`,
          `${short(of.drift)}×`,
          withRatio(of.cpuPerStep, bare?.cpuPerStep),
          beside(
            withRatio(of.resume, bare?.resume),
            of.afterUpkeep && withRatio(of.afterUpkeep.resume, bare?.resume),
          ),
          short(of.liveResume),
          short(of.peakRssMb),
          beside(
            kilobytes(of.storedPerStep),
            of.afterUpkeep && kilobytes(of.afterUpkeep.bytes / count),
          ),
          String(of.prefixBreaks),
        ],
      ];
    }),
  );
}

function lockTable({ subjects }: Results): string {
  const locks = subjects.flatMap(({ name, lock }) => (lock === null ? [] : [{ name, lock }]));
  const [first] = locks;
  if (first === undefined) return '';
  return table(
    [
      `lock held for ${first.lock.heldMs / 1000} s`,
      'event loop delay p99',
      'max',
      'release → next request',
    ],
    locks.map(({ name, lock: { p99, max, afterRelease, failure } }) => [
      name,
      short(p99),
      short(max),
      failure === null ? short(afterRelease ?? NaN) : `failed: ${failure}`,
    ]),
  );
}

function servedTable({ subjects }: Results): string {
  const served = subjects.find(({ key }) => key === 'countersign')?.served ?? null;
  if (served === null) return '';
  const { threads, inFlight, threadsPerSecond } = served;
  return table(
    ['over HTTP', 'question → what waits, median / p95', 'approval → answer', 'threads a second'],
    [
      [
        `${threads} threads, ${inFlight} at a time`,
        `${short(served.startMedian)} / ${short(served.startP95)}`,
        `${short(served.approveMedian)} / ${short(served.approveP95)}`,
        short(threadsPerSecond),
      ],
    ],
  );
}

function coreLines({ subjects, sizes }: Results): string {
  const ours = subjects.find(({ key }) => key === 'countersign');
  if (ours === undefined) return '';
  const { start, decide } = ours;
  const { load = NaN, open = NaN } = start.timings;
  const size = sizes.core === null ? '' : ` (${kilobytes(sizes.core)} kB)`;
  const lines = [`Core bundle${size}: ${short(load)} ms to load, ${short(open)} ms to open.`];
  if (decide !== null) {
    const { decideToApplied, bareWrite } = decide;
    lines.push(
      `A 100 kB file: decide → applied ${short(decideToApplied)} ms, a bare write as safe ${short(bareWrite)} ms.`,
    );
  }
  lines.push('Upkeep also makes a backup of the database, which is not counted.');
  return lines.join(' ');
}
