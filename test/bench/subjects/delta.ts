import { MessagesDeltaValue } from '@langchain/langgraph';
import { openLangGraph } from './langgraph/session.ts';
import { runSubject } from './process.ts';

runSubject((host) => openLangGraph(host, MessagesDeltaValue));
