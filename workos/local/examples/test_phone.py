"""A phone is enrolled and verified at a server of its own: python3 -m unittest test_phone.py

It needs mfa-tui on the PATH, and pip install workos.
"""

import json
import subprocess
import unittest
from urllib.request import urlopen

from workos import WorkOSClient


class PhoneTest(unittest.TestCase):
    def setUp(self):
        serve = subprocess.Popen(["mfa-tui", "serve", "--port", "0", "--json"], stdout=subprocess.PIPE)
        self.enterContext(serve)
        self.addCleanup(serve.terminate)
        self.server = json.loads(serve.stdout.readline())
        key, url = self.server["apiKey"], self.server["url"]
        self.mfa = WorkOSClient(api_key=key, client_id="client_test", base_url=url).multi_factor_auth

    def test_code_of_text_message_is_valid(self):
        factor = self.mfa.enroll_factor(type="sms", phone_number="+15005550006")
        challenge = self.mfa.challenge_factor(factor.id)
        with urlopen(self.server["url"] + "/_emulate/sms") as messages:
            code = json.load(messages)[0]["code"]
        self.assertTrue(self.mfa.verify_challenge(challenge.id, code=code).valid)
