/** Gets the name of each failpoint that is passed; it may throw, or end the process. */
type OnFailpoint = (name: string) => void;

let onFailpoint: OnFailpoint | null = null;

/** A named place at which a test makes things fail. The release has neither the calls nor the names. */
export function failpoint(name: string): void {
  onFailpoint?.(name);
}

export function atFailpoints(handler: OnFailpoint | null): void {
  onFailpoint = handler;
}
