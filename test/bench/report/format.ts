/** A number as a person reads it in a table: three digits that count. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A number and its ratio to the bare loop's; the ratio alone says nothing on a busy machine either. */
export function withRatio(value: number, bare: number | undefined): string {
  if (bare === undefined || !Number.isFinite(value / bare)) return short(value);
  return `${short(value)} (${short(value / bare)}×)`;
}

/** A figure, and the same one after upkeep where there is such a thing. */
export function beside(now: string, later: string | null): string {
  return later === null ? now : `${now} / ${later}`;
}

export function kilobytes(bytes: number): string {
  return short(bytes / 1000);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
