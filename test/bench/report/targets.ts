import type { Results, SubjectResults } from '../measure/all.ts';
import type { StepFigures } from '../measure/steps.ts';
import { short, table } from './format.ts';

/** A figure with an upper limit. */
interface Target {
  readonly figure: string;
  readonly unit: string;
  readonly measured: number | null;
  readonly bare: number | null;
  readonly limit: number;
}

/** Countersign's figures beside what `performance.md` of the design asks for. */
export function targetsTable({ subjects, sizes }: Results): string {
  const bare = subjects.find(({ key }) => key === 'bare') ?? null;
  const ours = subjects.find(({ key }) => key === 'countersign');
  if (ours === undefined) return '';
  const targets = [
    ...stepTargets(ours, bare),
    ...startTargets(ours, bare),
    ...longTargets(ours, bare),
    ...lockTargets(ours),
    ...inboxTargets(ours),
    row('VSIX', 'MB', scaled(sizes.vsix, 1e6), 2),
    row('webview script, gzip', 'kB', scaled(sizes.webviewGzip, 1000), 150),
  ];
  const rows = targets.map(({ figure, unit, measured, bare: floor, limit }) => [
    figure,
    measured === null ? '–' : `${short(measured)} ${unit}`.trim(),
    floor === null ? '' : `${short(floor)} ${unit}`.trim(),
    measured === null || floor === null || floor === 0 ? '' : `${short(measured / floor)}×`,
    `≤ ${limit} ${unit}`.trim(),
    measured === null ? 'not measured' : measured <= limit ? '✓' : '✗',
  ]);
  rows.push([
    'SIGKILL in mid-approval, go on',
    ours.killOk ? 'ok' : 'FAILED',
    '',
    '',
    'ok',
    ours.killOk ? '✓' : '✗',
  ]);
  return table(['figure', 'Countersign', 'bare loop', 'ratio', 'target', ''], rows);
}

function row(
  figure: string,
  unit: string,
  measured: number | null,
  limit: number,
  bare: number | null = null,
): Target {
  return { figure, unit, measured, bare, limit };
}

function stepTargets(ours: SubjectResults, bare: SubjectResults | null): Target[] {
  const at = ours.steps.findLast(({ steps }) => steps <= 300) ?? ours.steps[0];
  if (at === undefined) return [];
  const floor = bare?.steps.find(({ steps }) => steps === at.steps);
  const one = (
    name: string,
    unit: string,
    pick: (of: StepFigures) => number,
    limit: number,
  ): Target =>
    row(
      `${name}, ${at.steps} steps`,
      unit,
      pick(at),
      limit,
      floor === undefined ? null : pick(floor),
    );
  return [
    one('step, median', 'ms', (of) => of.stepMedian, 5),
    one('step, median, in the end', 'ms', (of) => of.stepMedian, 3),
    one('step, p95', 'ms', (of) => of.stepP95, 12),
    one('step, p95, in the end', 'ms', (of) => of.stepP95, 8),
    ...ours.steps
      .filter(({ steps }) => steps >= 100)
      .map((of) => {
        const beside = bare?.steps.find(({ steps }) => steps === of.steps)?.drift ?? null;
        return row(`drift over ${of.steps} steps`, '', of.drift, 1.1, beside);
      }),
    one('resume in a new process', 'ms', (of) => of.resume, 120),
    ...ours.steps
      .filter(({ steps }) => steps >= 1000)
      .map((of) => row(`resume in a new process, ${of.steps} steps`, 'ms', of.resume, 1000)),
    one('resume in a live one', 'ms', (of) => of.liveResume, 20),
    one('peak memory', 'MB', (of) => of.peakRssMb, 130),
    one('stored per step', 'kB', (of) => of.storedPerStep / 1000, 2.5),
    one('stored per step after upkeep', 'kB', (of) => storedLater(of) / 1000, 2.5),
    row('prompt-prefix breaks', '', Math.max(...ours.steps.map((of) => of.prefixBreaks)), 0),
  ];
}

function startTargets({ start }: SubjectResults, bare: SubjectResults | null): Target[] {
  const floor = bare?.start;
  return [
    row('start → request', 'ms', start.startToRequest, 100, floor?.startToRequest),
    row('prompt → request, core open', 'ms', start.promptToRequest, 50, floor?.promptToRequest),
    row('first request', 'kB', start.firstRequestBytes / 1000, 10),
  ];
}

function longTargets({ prose, decide }: SubjectResults, bare: SubjectResults | null): Target[] {
  const targets: Target[] = [];
  if (prose !== null) {
    const floor = bare?.prose ?? null;
    const name = `${prose.messages} messages of 1 KB`;
    const turns = growth(prose.turnMs.map(({ ms }) => ms));
    const bytes = growth(prose.bytesPerMessage.map(({ bytes: one }) => one));
    const floorTurns = floor === null ? null : growth(floor.turnMs.map(({ ms }) => ms));
    targets.push(
      row(`${name} on disk`, 'MB', prose.megabytes, 15, floor?.megabytes),
      row(`${name}: time of a turn, last ÷ first`, '', turns, 1.2, floorTurns),
      row(`${name}: bytes of a message, last ÷ first`, '', bytes, 1.2),
      row(`${name}: reopen, one approval waiting`, 'ms', prose.reopen, 60),
    );
  }
  if (decide !== null) {
    const { decideToApplied, bareWrite } = decide;
    targets.push(row('decide → applied, 100 kB, ÷ bare write', '', decideToApplied / bareWrite, 2));
  }
  return targets;
}

function growth(values: readonly number[]): number {
  return (values.at(-1) ?? NaN) / (values[0] ?? NaN);
}

function lockTargets({ lock }: SubjectResults): Target[] {
  if (lock === null) return [];
  const name = `event loop delay p99, lock held for ${lock.heldMs / 1000} s`;
  return [row(name, 'ms', lock.p99, 50)];
}

function inboxTargets({ inbox }: SubjectResults): Target[] {
  if (inbox === null) return [];
  const name = `answer → list of ${inbox.pending} over ${inbox.threads} threads without it`;
  return [row(`${name}, p95`, 'ms', inbox.p95, 200)];
}

/** What looks after nothing has the same as before. */
function storedLater({ steps, storedPerStep, afterUpkeep }: StepFigures): number {
  return afterUpkeep === null ? storedPerStep : afterUpkeep.bytes / steps;
}

function scaled(value: number | null, unit: number): number | null {
  return value === null ? null : value / unit;
}
