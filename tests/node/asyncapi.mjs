// Reads an AsyncAPI document; prints its messages and every diagnostic of the official parser, as JSON.
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';

const { document, diagnostics } = await new Parser().parse(readFileSync(0, 'utf8'));
const told = diagnostics.map(({ severity, code, message, path }) => ({ severity, code, message, path: path.join('.') }));
const messages = document?.allMessages().all().map((message) => message.name()) ?? [];
const operations = document?.allOperations().all().map((operation) => operation.id()) ?? [];
console.log(JSON.stringify({ messages: [...new Set(messages)], operations, diagnostics: told }));
