import { z } from 'zod';
import { pendingToolCall, problem } from './answers.ts';
import { EVENTS_PATH, ROUTES } from './routes.ts';

type Json = Record<string, unknown>;

/** OpenAPI 3.1 of what the server does, made of what it checks and answers with. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const { method, path, summary, body, answer } of ROUTES) {
    paths[path] = {
      ...paths[path],
      [method]: operation(path, summary, {
        ...(body === null ? {} : { requestBody: { content: json(body, 'input') } }),
        responses: responses({ description: summary, content: json(answer, 'output') }),
      }),
    };
  }
  const events = 'What happens in a session from now on: the events state, text and tool_call.';
  paths[EVENTS_PATH] = {
    get: operation(EVENTS_PATH, events, {
      responses: responses({
        description: events,
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      }),
    }),
  };
  return {
    openapi: '3.1.0',
    info: { title: 'Countersign', version, summary: 'Nothing changes until you countersign.' },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        ToolCall: schemaOf(pendingToolCall, 'output'),
        Problem: schemaOf(problem, 'output'),
      },
    },
  };
}

function operation(path: string, summary: string, rest: Json): Json {
  const parameters = path.includes('{session_id}')
    ? [{ name: 'session_id', in: 'path', required: true, schema: { type: 'string' } }]
    : [];
  return { summary, parameters, ...rest };
}

function responses(success: Json): Json {
  const failure = {
    description: 'Why not, and what to do next.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  return { 200: success, default: failure };
}

function json(schema: z.ZodType, io: 'input' | 'output'): Json {
  return { 'application/json': { schema: schemaOf(schema, io) } };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  // What a transformation makes of it is nobody's affair outside.
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' });
}
