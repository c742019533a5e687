import { type Schema, Validator } from '@cfworker/json-schema';
import assert from 'node:assert/strict';
import type { Decision } from '../../src/shared/decision.ts';
import { isDecision } from '../../src/shared/decision-shape.ts';
import { call } from '../support/model-chunks.ts';
import { ServedApi } from '../support/served-api.ts';

interface Operation {
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content: Content }>>;
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: { readonly Problem: Schema } };
}

const DECISIONS: Readonly<Record<Decision['kind'], Decision>> = {
  approve: { kind: 'approve', note: 'Fine' },
  edit: { kind: 'edit', files: [{ operation: 0, text: 'a' }] },
  editCommand: { kind: 'editCommand', command: { argv: ['a'], shell: null, timeLimit: 1 } },
  editArguments: { kind: 'editArguments', arguments: '{}' },
  partial: { kind: 'partial', files: [{ operation: 0, changes: 'all' }], reason: '' },
  reject: { kind: 'reject', reason: '' },
  redirect: { kind: 'redirect', instruction: 'a', mode: 'plan' },
  respond: { kind: 'respond', answer: 'a' },
  doneByHand: { kind: 'doneByHand' },
  settle: { kind: 'settle', way: 'rollBack' },
};

describe('the OpenAPI document', () => {
  let api: ServedApi;
  let document: Document;
  before(async () => {
    api = await ServedApi.start({ 'a.txt': 'one\n' });
    const response = await fetch(`${api.api.url}/openapi.json`);
    document = (await response.json()) as Document;
  });
  after(() => api.close());

  const fits = (schema: Schema | undefined, value: unknown): void => {
    assert.ok(schema);
    const { valid, errors } = new Validator(schema, '2020-12', false).validate(value);
    assert.ok(valid, JSON.stringify([errors, value]));
  };
  const operation = (path: string): Operation => {
    const { get, post } = document.paths[path] ?? {};
    const found = post ?? get;
    assert.ok(found, path);
    return found;
  };
  /** Calls, and holds the question and the answer against the document. */
  const call_ = async (path: string, sessionId: string, body?: unknown): Promise<unknown> => {
    const { requestBody, responses } = operation(path);
    if (body !== undefined) fits(requestBody?.content['application/json']?.schema, body);
    const answered = await api.call(path.replace('{session_id}', sessionId), body);
    if (answered.status === 200) {
      fits(responses['200']?.content['application/json']?.schema, answered.body);
    } else {
      fits(document.components.schemas.Problem, answered.body);
    }
    return answered.body;
  };

  it('is of this version, and names every path', () => {
    assert.equal(document.openapi, '3.1.0');
    assert.equal(document.info.version, '1.2.3');
    assert.deepEqual(Object.keys(document.paths).toSorted(), [
      '/approvals',
      '/chat/approve/{session_id}',
      '/chat/cancel/{session_id}',
      '/chat/decide/{session_id}',
      '/chat/reject/{session_id}',
      '/chat/resume/{session_id}',
      '/chat/start',
      '/chat/{session_id}',
      '/chat/{session_id}/events',
    ]);
  });

  it('describes what is answered', async () => {
    api.served.server.say(
      call('write_file', { path: 'a.txt', content: 'two\n' }),
      call('write_file', { path: 'b.txt', content: 'new\n' }),
      call('delete_file', { path: 'a.txt' }),
      { text: 'Done.' },
    );
    const { session_id: id } = (await call_('/chat/start', '', { question: 'Go' })) as {
      session_id: string;
    };
    await call_('/chat/{session_id}', id);
    await call_('/approvals', '');
    await call_('/chat/approve/{session_id}', id, { effect_hash: '0'.repeat(64) });
    await call_('/chat/approve/{session_id}', id, { reason: 'Fine' });
    await call_('/chat/reject/{session_id}', id, {});
    await call_('/chat/decide/{session_id}', id, { decision: { kind: 'doneByHand' } });
    await call_('/chat/resume/{session_id}', id, {});
    await call_('/chat/cancel/{session_id}', id, {});
    await call_('/approvals', '');
  });

  it('has every decision, and no other', () => {
    const schema = operation('/chat/decide/{session_id}').requestBody?.content['application/json'];
    for (const decision of Object.values(DECISIONS)) {
      assert.ok(isDecision(decision), decision.kind);
      fits(schema?.schema, { decision });
    }
    assert.throws(() => {
      fits(schema?.schema, { decision: { kind: 'settle', way: 'other' } });
    });
  });
});
