#!/usr/bin/env python3
"""Requests per second of wrk, of Assay's request engine and of lm-evaluation-harness's API layer, in
one run against one nginx (with the echo module) on loopback, and the engine's peak memory.

    tests/bench/request_engine.py [--program build/release/tests/bench_request_engine] [--json FILE]

Needs nginx with the echo module and wrk (Debian: nginx-light libnginx-mod-http-echo wrk). The peer
needs an interpreter with lm_eval[api], named by ASSAY_PEER_PYTHON; without it, it is skipped, and
that is said. What must hold is in CONTRIBUTING.md: at least 8 times the peer and 25 % of wrk at no
latency, 98 % of wrk at 100 ms, at most 64 MiB for 50,000 requests.
"""
import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

ANSWER = ('{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"mock","choices":'
          '[{"index":0,"message":{"role":"assistant","content":"We compute. #### 18"},"logprobs":null,'
          '"finish_reason":"stop"}],"usage":{"prompt_tokens":64,"completion_tokens":16,"total_tokens":80}}')

NGINX = """
load_module modules/ngx_http_echo_module.so;
worker_processes 1;  pid nginx.pid;  error_log error.log warn;
worker_rlimit_nofile 16384;
events {{ worker_connections 8192; }}
http {{
  access_log off;  client_body_temp_path body;  client_max_body_size 16m;
  proxy_temp_path p;  fastcgi_temp_path f;  uwsgi_temp_path u;  scgi_temp_path s;
  keepalive_requests 100000000;  keepalive_timeout 300s;  default_type application/json;
  server {{ listen 127.0.0.1:{fast} backlog=8192;  location /v1/ {{ return 200 '{answer}'; }} }}
  server {{ listen 127.0.0.1:{slow} backlog=8192;
    location /v1/ {{ echo_read_request_body; echo_sleep 0.1; echo '{answer}'; }} }}
}}
"""

WRK = """wrk.method="POST"; wrk.headers["Content-Type"]="application/json"
wrk.body='{"model":"mock","messages":[{"role":"user","content":"Question 17: a hen lays 17 eggs. How many?"}],"max_tokens":256,"temperature":0}'
"""

PEER = """
import json, resource, sys, time
from lm_eval.api.instance import Instance
from lm_eval.models.api_models import JsonChatStr
from lm_eval.models.openai_completions import LocalChatCompletion
url, count, width = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
lm = LocalChatCompletion(base_url=url + "/chat/completions", model="mock", num_concurrent=width,
                         max_retries=3, tokenized_requests=False)
requests = [Instance("generate_until", {}, (JsonChatStr(json.dumps([
    {"role": "user", "content": f"Question {i}: a hen lays {i % 97} eggs. How many?"}])),
    {"until": ["Q:"], "max_gen_toks": 256, "temperature": 0, "do_sample": False}), i)
    for i in range(count)]
start = time.monotonic()
answers = lm.generate_until(requests)
seconds = time.monotonic() - start
assert len(answers) == count and all(answers)
print("RESULT", json.dumps({"requests_per_s": count / seconds,
      "memory_peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Nginx:
    """The mock server, in a folder of its own; ended by its process id."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="assay-bench-")
        root = Path(self.folder.name)
        version = subprocess.run(["nginx", "-V"], capture_output=True, text=True).stderr
        modules = re.search(r"--modules-path=(\S+)", version)
        (root / "modules").symlink_to(modules.group(1) if modules else "/usr/lib/nginx/modules")
        self.fast, self.slow = free_port(), free_port()
        (root / "mock.conf").write_text(NGINX.format(fast=self.fast, slow=self.slow, answer=ANSWER))
        self.process = subprocess.Popen(
            ["nginx", "-p", f"{root}/", "-c", "mock.conf", "-e", "error.log", "-g", "daemon off;"],
            stderr=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.slow)) == 0:
                    return self
            time.sleep(0.05)
        raise SystemExit("nginx did not start: " + (root / "error.log").read_text())

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.folder.cleanup()

    def url(self, latency_ms):
        return f"http://127.0.0.1:{self.slow if latency_ms else self.fast}/v1"


def wrk(url, width, seconds):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(WRK)
        script.flush()
        out = subprocess.run(["wrk", "-t1", f"-c{width}", f"-d{seconds}s", "-s", script.name,
                              url + "/chat/completions"], capture_output=True, text=True, check=True)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out.stdout).group(1))


def engine(program, url, count, width):
    out = subprocess.run([program, url, str(count), str(width)], capture_output=True, text=True)
    if out.returncode != 0:
        raise SystemExit(f"the engine failed: {out.stdout}{out.stderr}")
    return json.loads(out.stdout)


def peer(python, url, count, width):
    out = subprocess.run([python, "-c", PEER, url, str(count), str(width)], capture_output=True,
                         text=True, env={**os.environ, "HF_HUB_OFFLINE": "1", "OPENAI_API_KEY": "none"})
    for line in out.stdout.splitlines():
        if line.startswith("RESULT"):
            return json.loads(line[6:])
    raise SystemExit(f"the peer failed: {out.stderr[-2000:]}")


def measure(server, program, python, latency_ms, width, repeats):
    """The median of `repeats` rounds, in each of which all are run one after the other."""
    url = server.url(latency_ms)
    count = 10000 if latency_ms else 50000
    rounds = []
    for _ in range(repeats):
        row = {"wrk": wrk(url, width, 3), "assay": engine(program, url, count, width)}
        if python:
            row["lm_eval"] = peer(python, url, 5000, width)["requests_per_s"]
        rounds.append(row)
    median = lambda values: sorted(values)[len(values) // 2]
    result = {"latency_ms": latency_ms, "in_flight": width,
              "wrk_per_s": median([r["wrk"] for r in rounds]),
              "assay_per_s": median([r["assay"]["requests_per_s"] for r in rounds]),
              "assay_cpu_us_per_request": median([r["assay"]["cpu_us_per_request"] for r in rounds]),
              "assay_memory_peak_mib": max(r["assay"]["memory_peak_mib"] for r in rounds),
              "of_wrk": median([r["assay"]["requests_per_s"] / r["wrk"] for r in rounds])}
    if python:
        result["lm_eval_per_s"] = median([r["lm_eval"] for r in rounds])
        result["times_lm_eval"] = median([r["assay"]["requests_per_s"] / r["lm_eval"] for r in rounds])
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(ROOT / "build/release/tests/bench_request_engine"))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", help="also write the results to this file")
    arguments = parser.parse_args()
    for tool in ("nginx", "wrk"):
        if not shutil.which(tool):
            print(f"SKIPPED: {tool} is not installed")
            return 0
    if not Path(arguments.program).exists():
        raise SystemExit(f"{arguments.program} does not exist: build it, or name it with --program")
    python = os.environ.get("ASSAY_PEER_PYTHON", "")
    if not python:
        print("SKIPPED: lm-evaluation-harness (ASSAY_PEER_PYTHON names no interpreter that has it)")
    results = []
    with Nginx() as server:
        for latency_ms, width in ((0, 64), (100, 256)):
            result = measure(server, arguments.program, python, latency_ms, width, arguments.repeats)
            results.append(result)
            line = (f"{latency_ms:3} ms, {width:3} in flight: wrk {result['wrk_per_s']:9,.0f}/s   "
                    f"assay {result['assay_per_s']:8,.0f}/s = {result['of_wrk']:6.1%} of wrk")
            if python:
                line += (f"   lm-eval {result['lm_eval_per_s']:7,.0f}/s, assay "
                         f"{result['times_lm_eval']:.1f} times that")
            print(line + f"   peak memory {result['assay_memory_peak_mib']:.1f} MiB", flush=True)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(results, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
