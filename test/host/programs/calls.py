"""Calls the gateway, prints the id of the log and stops."""
import json
import os
import urllib.request

request = urllib.request.Request(
    os.environ["GATEWAY_URL"] + "/openai/chat/completions",
    data=json.dumps({"model": "gpt-4.1-mini", "messages": [{"role": "user", "content": "Hello"}]}).encode(),
    headers={"content-type": "application/json"},
)
response = urllib.request.urlopen(request)
held = {"cf-aig-log-id": response.headers["cf-aig-log-id"]}
print("asked:", response.headers["cf-aig-log-id"], flush=True)
print(len(held))  # stop here
