// Verifies a webhook with the official library and reads the event in it with the CloudEvents SDK; prints that as JSON.
import { readFileSync } from 'node:fs';
import { HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';

const { secret, headers, body } = JSON.parse(readFileSync(0, 'utf8'));
new Webhook(secret).verify(body, headers); // throws unless it is signed with this secret, and lately
console.log(JSON.stringify(HTTP.toEvent({ headers, body })));
