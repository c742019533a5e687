interface Body {
  readonly messages: readonly unknown[];
  readonly tools?: unknown;
}

/**
 * Counts the requests that do not repeat the one before byte for byte and add to it, which would
 * cost a real server its cache. Compares bytes, since parsing would keep the server from answering.
 */
export class PrefixWatch {
  breaks = 0;
  #last: Buffer | null = null;
  /** Bytes from the end of the messages to the end of the body; null if that cannot be told. */
  #tail: number | null = null;

  get last(): Buffer | null {
    return this.#last;
  }

  add(body: Buffer): void {
    const last = this.#last;
    this.#last = body;
    if (last === null) this.#tail = tailOf(body);
    else if (!this.#extends(last, body) && !extendsParsed(last, body)) this.breaks++;
  }

  #extends(last: Buffer, body: Buffer): boolean {
    if (this.#tail === null) return false;
    const end = last.length - this.#tail;
    return (
      body.length > last.length &&
      body.subarray(0, end).equals(last.subarray(0, end)) &&
      body[end] === ','.charCodeAt(0) &&
      body.subarray(-this.#tail).equals(last.subarray(end))
    );
  }
}

function tailOf(body: Buffer): number | null {
  const text = body.toString();
  const messages = JSON.stringify((JSON.parse(text) as Body).messages);
  const from = text.indexOf(`"messages":${messages}`);
  if (from === -1) return null;
  return Buffer.byteLength(text.slice(from + '"messages":'.length + messages.length - 1));
}

function extendsParsed(last: Buffer, body: Buffer): boolean {
  const [before, after] = [last, body].map((raw) => JSON.parse(raw.toString()) as Body);
  if (JSON.stringify(before!.tools) !== JSON.stringify(after!.tools)) return false;
  return before!.messages.every(
    (message, index) => JSON.stringify(message) === JSON.stringify(after!.messages[index]),
  );
}
