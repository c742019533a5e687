import type { ThreadItem, ToolItem } from '../../src/shared/thread-view.ts';

/** What the log shows as one thing: an item, or reads that follow each other. */
export type Entry =
  | { readonly kind: 'item'; readonly key: string; readonly item: ThreadItem }
  | { readonly kind: 'reads'; readonly key: string; readonly items: readonly ToolItem[] };

export function entriesOf(items: readonly ThreadItem[]): Entry[] {
  const entries: Entry[] = [];
  let reads: ToolItem[] | null = null;
  for (const item of items) {
    if (!isRead(item)) {
      reads = null;
      entries.push({ kind: 'item', key: item.id, item });
    } else if (reads === null) {
      reads = [item];
      entries.push({ kind: 'reads', key: item.id, items: reads });
    } else {
      reads.push(item);
    }
  }
  return entries;
}

function isRead(item: ThreadItem): item is ToolItem {
  return (
    item.kind === 'tool' &&
    item.review === null &&
    (item.toolKind === 'read' || item.toolKind === 'search')
  );
}
