// Follows the certificate events of a certification body and keeps each of them as a line of a file.
//
//   AMQP_URL=amqps://... node subscriber.mjs FILE [first | next | 2026-11-21T00:00:00+07:00]
//
// A line holds the event and its place in the stream: killed at any moment, it goes on after the last whole line.
// The second argument says where to begin with a new file, or from where to read again.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import amqp from 'amqplib';
import { CloudEvent } from 'cloudevents';

let [file, begin] = process.argv.slice(2);
const stream = process.env.STREAM ?? 'kompeten.public.stream';

function whatIsThere() {
  const text = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const whole = text.lastIndexOf('\n') + 1;
  if (whole < text.length) truncateSync(file, whole); // killed while writing: that event comes again
  const lines = text.subarray(0, whole).toString().split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const offset = lines.reduce((last, line) => Math.max(last, line.offset), -1);
  return { known: new Set(lines.map((line) => line.event.id)), offset };
}

const { known, offset } = whatIsThere();
const out = openSync(file, 'a');
let place = offset + 1;
let stopping = false;

function take(message, channel) {
  const event = new CloudEvent(JSON.parse(message.content.toString())); // throws where it is none
  const at = message.properties.headers['x-stream-offset'];
  if (!known.has(event.id)) {
    writeSync(out, `${JSON.stringify({ offset: at, event })}\n`);
    fsyncSync(out);
    known.add(event.id);
  }
  [place, begin] = [at + 1, undefined];
  channel.ack(message);
}

function whereToBegin() {
  if (!begin) return place > 0 ? place : 'first';
  if (['first', 'next'].includes(begin)) return begin;
  return { '!': 'timestamp', value: Math.floor(Date.parse(begin) / 1000) };
}

async function follow() {
  const connection = await amqp.connect(process.env.AMQP_URL, { heartbeat: 20 });
  connection.on('error', (error) => console.error(error.message));
  const closed = new Promise((resolve) => connection.on('close', resolve));
  process.once('SIGTERM', () => connection.close()).once('SIGINT', () => connection.close());
  const channel = await connection.createChannel();
  channel.on('error', () => connection.close().catch(() => {})); // just started, a broker may refuse the stream
  await channel.prefetch(100);
  const where = { 'x-stream-offset': whereToBegin() };
  await channel.consume(stream, (message) => take(message, channel), { arguments: where });
  await closed;
}

const stop = () => { stopping = true; };
process.on('SIGTERM', stop).on('SIGINT', stop);
while (!stopping) {
  await follow().catch((error) => console.error(`the broker is away: ${error.message}`));
  if (!stopping) await pause(1000);
}
closeSync(out);
