import type { Results } from '../measure/all.ts';
import { short, table } from './format.ts';

/** What the command line costs as a process, beside Node that does nothing. */
export function headlessTable({ headless }: Results): string {
  if (headless === null) return '';
  const { node, nodeMb, steps, peakMb, idleMb } = headless;
  const time = (figure: string, ms: number): string[] => [
    figure,
    `${short(ms)} ms`,
    `${short(node)} ms`,
    `${short(ms / node)}×`,
  ];
  const memory = (figure: string, megabytes: number): string[] => [
    figure,
    `${short(megabytes)} MB`,
    `${short(nodeMb)} MB`,
    `${short(megabytes / nodeMb)}×`,
  ];
  return table(
    ['the command line as a process', 'Countersign', 'bare Node', 'ratio'],
    [
      time('`--version`, start → end', headless.version),
      time('`run`, one edit approved, start → end', headless.run),
      time('`serve`, start → address', headless.serve),
      time('`serve`, start → first answer', headless.approvals),
      time(`\`serve\` on ${steps} steps, start → what waits`, headless.resume),
      memory('its memory, peak', peakMb),
      memory('its memory, idle', idleMb),
    ],
  );
}
