// A phone is enrolled and verified at a server of its own: node --test phone.test.mjs
// It needs mfa-tui on the PATH, and npm install @workos-inc/node.
import assert from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { WorkOS } from '@workos-inc/node';

test('the code of a text message is valid', async (t) => {
  const serve = spawn('mfa-tui', ['serve', '--port', '0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => serve.kill());
  const [ready] = await once(createInterface({ input: serve.stdout }), 'line');
  const { url, port, apiKey } = JSON.parse(ready);
  const { multiFactorAuth: mfa } = new WorkOS(apiKey, { apiHostname: '127.0.0.1', port, https: false });

  const factor = await mfa.enrollFactor({ type: 'sms', phoneNumber: '+15005550006' });
  const challenge = await mfa.challengeFactor({ authenticationFactorId: factor.id });
  const [{ code }] = await (await fetch(`${url}/_emulate/sms`)).json();
  const { valid } = await mfa.verifyChallenge({ authenticationChallengeId: challenge.id, code });
  assert.ok(valid);
});
