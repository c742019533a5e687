/** Keeps what was made last by its name: so many things, of so much size together. */
export interface Kept<Thing> {
  of(name: string, make: () => { readonly thing: Thing; readonly size: number }): Thing;
}

export function createKept<Thing>(most: number, mostSize: number): Kept<Thing> {
  const all = new Map<string, { readonly thing: Thing; readonly size: number }>();
  let size = 0;
  return {
    of(name, make) {
      const known = all.get(name);
      if (known !== undefined) return known.thing;
      const made = make();
      all.set(name, made);
      size += made.size;
      for (const [oldest, { size: freed }] of all) {
        if (all.size <= most && size <= mostSize) break;
        all.delete(oldest);
        size -= freed;
      }
      return made.thing;
    },
  };
}
