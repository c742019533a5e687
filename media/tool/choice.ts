import type { Decision } from '../../src/shared/decision.ts';
import type { FileView, ReviewView } from '../../src/shared/thread-view.ts';
import {
  changeParts,
  decisionOf,
  EVERYTHING,
  extentOf,
  HIDDEN,
  linePart,
  shapeOf,
  tallyOf,
  tick,
  type ChangeShape,
  type Extent,
  type Selection,
  type Side,
  type Tally,
} from './selection.ts';

/** What the user has opened, looked at and ticked of a proposal. Another effect begins anew. */
export class Choice {
  /** Why the rest is declined, as far as it is written. */
  reason = '';
  private effectHash: string | null = null;
  private files: readonly FileView[] = [];
  private selection: Selection = EVERYTHING;
  private readonly opened = new Set<number>();
  private readonly looked = new Set<number>();
  private readonly byLine = new Set<string>();
  private readonly changed: () => void;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** True if this is another effect, and something of the one before had been declined. */
  show({ effectHash, files }: ReviewView): boolean {
    this.files = files.filter(({ declined }) => !declined);
    if (effectHash === this.effectHash) return false;
    const lost = this.inPart;
    this.effectHash = effectHash;
    this.selection = EVERYTHING;
    this.reason = '';
    for (const set of [this.opened, this.looked, this.byLine]) set.clear();
    const [first] = files;
    if (first !== undefined) this.open(first.operation);
    return lost;
  }

  get inPart(): boolean {
    return this.selection.size > 0;
  }

  get tally(): Tally {
    return tallyOf(this.files, this.selection);
  }

  /** How many of the files that would be changed have not been opened here. */
  get unseen(): number {
    return this.files.filter(
      (file) => !this.looked.has(file.operation) && this.extent(file) !== 'none',
    ).length;
  }

  get decision(): Decision | null {
    return decisionOf(this.files, this.selection, this.reason.trim());
  }

  isOpen({ operation }: FileView): boolean {
    return this.opened.has(operation);
  }

  toggle({ operation }: FileView): void {
    if (this.opened.has(operation)) this.opened.delete(operation);
    else this.open(operation);
    this.changed();
  }

  isByLine({ operation }: FileView, { change }: ChangeShape): boolean {
    return this.byLine.has(`${operation} ${change}`);
  }

  toggleByLine({ operation }: FileView, { change }: ChangeShape): void {
    const key = `${operation} ${change}`;
    if (!this.byLine.delete(key)) this.byLine.add(key);
    this.changed();
  }

  /** Of the whole proposal, a file, or a change in it. */
  extent(file: FileView | null = null, change: ChangeShape | null = null): Extent {
    if (file === null) {
      const extents = new Set(this.files.map((one) => this.extent(one)));
      return extents.size === 1 ? ([...extents][0] ?? 'all') : 'some';
    }
    const parts = change === null ? shapeOf(file).parts : changeParts(change);
    return extentOf(this.selection, file.operation, parts);
  }

  takes(file: FileView, change: ChangeShape, side: Side, index: number): boolean {
    const parts = [linePart(change.change, side, index)];
    return extentOf(this.selection, file.operation, parts) === 'all';
  }

  /** True if the changes that the card does not show are accepted. */
  takesHidden(file: FileView): boolean {
    return extentOf(this.selection, file.operation, [HIDDEN]) === 'all';
  }

  tickAll(accepted: boolean): void {
    this.selection = EVERYTHING;
    if (!accepted) for (const file of this.files) this.decline(file);
    this.changed();
  }

  tickFile(file: FileView, accepted: boolean): void {
    this.set(file, shapeOf(file).parts, accepted);
  }

  tickChange(file: FileView, change: ChangeShape, accepted: boolean): void {
    this.set(file, changeParts(change), accepted);
  }

  tickLine(file: FileView, change: ChangeShape, line: [Side, number], accepted: boolean): void {
    this.set(file, [linePart(change.change, ...line)], accepted);
  }

  private set({ operation }: FileView, parts: readonly string[], accepted: boolean): void {
    this.selection = tick(this.selection, operation, parts, accepted);
    this.changed();
  }

  private decline(file: FileView): void {
    this.selection = tick(this.selection, file.operation, shapeOf(file).parts, false);
  }

  private open(operation: number): void {
    this.opened.add(operation);
    this.looked.add(operation);
  }
}
