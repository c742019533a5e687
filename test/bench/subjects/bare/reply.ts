export interface Call {
  readonly id: string;
  readonly name: string;
  args: string;
}

export interface Reply {
  readonly text: string;
  readonly calls: readonly Call[];
}

interface Chunk {
  readonly choices: readonly {
    readonly delta: {
      readonly content?: string | null;
      readonly tool_calls?: readonly {
        readonly index: number;
        readonly id?: string;
        readonly function: { readonly name?: string; readonly arguments: string };
      }[];
    };
  }[];
}

/** Puts a streamed reply together from its server-sent events. */
export class ReplyReader {
  #rest = '';
  #text = '';
  readonly #calls: Call[] = [];

  add(part: string): void {
    const lines = (this.#rest + part).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data: {')) this.#chunk(JSON.parse(line.slice(6)) as Chunk);
    }
  }

  get reply(): Reply {
    return { text: this.#text, calls: this.#calls };
  }

  #chunk({ choices }: Chunk): void {
    const delta = choices[0]?.delta;
    this.#text += delta?.content ?? '';
    for (const { index, id, function: piece } of delta?.tool_calls ?? []) {
      const call = (this.#calls[index] ??= { id: id ?? '', name: piece.name ?? '', args: '' });
      call.args += piece.arguments;
    }
  }
}
