#!/usr/bin/env python3
"""Makes tests/goldens/chat_templates.json with jinja2, set up as transformers sets it up.

    python3 tests/goldens/make_chat_vectors.py TOKENIZER_CONFIG.json

The templates below are our own, in the structure of each model's; tools are left out. The file named on the command
line (the tokenizer_config.json of DeepSeek-V3) is rendered too, but only what it says is stored, not its text.
"""

import json
import pathlib
import sys

import jinja2.sandbox

HERE = pathlib.Path(__file__).resolve().parent
BOS, EOS = "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"

GATHER = """{%- for message in messages %}{%- if message['role'] == 'system' %}{%- if ns.is_first_sp %}
{%- set ns.system_prompt = ns.system_prompt + message['content'] %}{%- set ns.is_first_sp = false %}{%- else %}
{%- set ns.system_prompt = ns.system_prompt + '\\n\\n' + message['content'] %}{%- endif %}{%- endif %}{%- endfor -%}"""
LAST = """{%- for message in messages %}{%- if message['role'] == 'system' %}
{%- set ns.system_prompt = message['content'] %}{%- endif %}{%- endfor -%}"""
USER = """{%- for message in messages %}{%- if message['role'] == 'user' -%}{%- set ns.is_tool = false -%}
{{'<｜User｜>' + message['content']}}{%- endif %}"""
DROP = """{%- if message['role'] == 'assistant' and message['content'] is not none %}
{%- set content = message['content'] -%}{%- if '</think>' in content -%}
{%- set content = content.split('</think>')[-1] -%}{%- endif -%}
{{'<｜Assistant｜>' + content + '<｜end▁of▁sentence｜>'}}{%- endif -%}{%- endfor -%}"""
KEEP = """{%- if message['role'] == 'assistant' and message['content'] is not none -%}
{{'<｜Assistant｜>' + message['content'] + '<｜end▁of▁sentence｜>'}}{%- endif -%}{%- endfor -%}"""
NS = """{%- set ns = namespace(is_tool=false, system_prompt='', is_first_sp=true, is_last_user=false) -%}"""
START = "{{ bos_token }}{{ ns.system_prompt }}"

TEMPLATES = {
    "v2": "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}"
          "{{ 'User: ' + message['content'] + '\n\n' }}{% elif message['role'] == 'assistant' %}"
          "{{ 'Assistant: ' + message['content'] + eos_token }}{% elif message['role'] == 'system' %}"
          "{{ message['content'] + '\n\n' }}{% endif %}{% endfor %}"
          "{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}",
    "v3": NS + GATHER + START + USER + KEEP +
          "{% if add_generation_prompt and not ns.is_tool %}{{'<｜Assistant｜>'}}{% endif %}",
    "v3_first": NS + LAST + START + USER + KEEP +
                "{% if add_generation_prompt and not ns.is_tool %}{{'<｜Assistant｜>'}}{% endif %}",
    "r1": NS + LAST + START + USER + DROP +
          "{% if add_generation_prompt and not ns.is_tool %}{{'<｜Assistant｜><think>\\n'}}{% endif %}",
    "v31": "{%- if not thinking is defined %}{% set thinking = false %}{% endif -%}" + NS + GATHER + START +
           """{%- for message in messages %}{%- if message['role'] == 'user' %}{%- set ns.is_last_user = true -%}
{{'<｜User｜>' + message['content']}}{%- endif %}{%- if message['role'] == 'assistant' %}
  {%- if ns.is_last_user -%}{{'<｜Assistant｜>'}}
    {%- if message['prefix'] is defined and message['prefix'] and thinking -%}{{'<think>'}}
    {%- else -%}{{'</think>'}}{%- endif -%}
  {%- endif %}{%- set ns.is_last_user = false -%}{%- set content = message['content'] -%}
  {%- if '</think>' in content %}{%- set content = content.split('</think>', 1)[1] -%}{%- endif -%}
  {{content + '<｜end▁of▁sentence｜>'}}{%- endif %}{%- endfor -%}
{%- if add_generation_prompt and ns.is_last_user and not ns.is_tool -%}{{'<｜Assistant｜>'}}
{%- if not thinking -%}{{'</think>'}}{%- else -%}{{'<think>'}}{%- endif -%}{%- endif %}""",
    "tiny_moe": "{{ bos_token }}{% for message in messages %}"
                "{% if message['role'] == 'system' %}{{ message['content'] }}{% endif %}"
                "{% if message['role'] == 'user' %}{{ '<｜User｜>' + message['content'] }}{% endif %}"
                "{% if message['role'] == 'assistant' %}"
                "{{ '<｜Assistant｜>' + message['content'] + '<｜end▁of▁sentence｜>' }}{% endif %}"
                "{% endfor %}{% if add_generation_prompt %}{{ '<｜Assistant｜>' }}{% endif %}",
}

S, U, A = "system", "user", "assistant"
CHATS = [
    [(U, "What is 17 + 25?")],
    [(S, "Answer with a number."), (U, "17 + 25\n")],
    [(U, "Hi!"), (A, "Hello."), (U, "Wie viel ist 3·4?")],
    [(S, "Be brief."), (U, "one"), (A, "<think>\nhm </think> no</think>\n\nTwo."), (U, "three  "), (A, "Four"), (U, "五")],
    [(S, "First rule."), (S, "Second rule."), (U, "Go"), (S, "Third rule."), (A, "</think>"), (U, "")],
    [(A, "I begin."), (U, "And I answer.")],
    [(U, "Say it"), (A, "It")],
    [(S, "alone")],
    [(U, "<｜User｜>{{ 1 + 1 }} 'quoted' \\n"), (A, "a"), (A, "b"), (U, "c"), (U, "d")],
]


def render(text, messages, **variables):
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(text).render(messages=messages, bos_token=BOS, eos_token=EOS,
                                                add_generation_prompt=True, **variables)


def main():
    given = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))["chat_template"]
    cases = []
    for name, text in {**TEMPLATES, "v3_file": given}.items():
        for thinking in (False, True) if name == "v31" else (False,):
            for chat in CHATS:
                messages = [{"role": role, "content": content} for role, content in chat]
                cases.append({"template": name, "thinking": thinking, "messages": messages,
                              "text": render(text, messages, thinking=thinking)})
    record = {"templates": TEMPLATES, "bos": BOS, "eos": EOS, "cases": cases}
    (HERE / "chat_templates.json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n",
                                              encoding="utf-8")


if __name__ == "__main__":
    main()
