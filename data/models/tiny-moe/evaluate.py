"""Greedy accuracy of an exported folder on math/arithmetic, by level, with transformers.

    python3 evaluate.py DIR [--suite SEED] [--show]

The weights are the bf16 ones of the folder, the arithmetic is f32. Needs torch and transformers.
"""

import argparse
import re

import torch
import transformers

import generate


@torch.no_grad()
def answers(folder, questions):
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, padding_side="left")
    network = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    out = []
    for begin in range(0, len(questions), 25):
        chats = [[{"role": "user", "content": generate.INSTRUCTION + text}]
                 for _, text, _ in questions[begin: begin + 25]]
        inputs = tokenizer.apply_chat_template(chats, add_generation_prompt=True, padding=True,
                                               return_tensors="pt", return_dict=True)
        ids = network.generate(**inputs, do_sample=False, max_new_tokens=220)
        out += tokenizer.batch_decode(ids[:, inputs["input_ids"].shape[1]:],
                                      skip_special_tokens=True)
    return out


def number(text):
    """The number after the last ####, as the suite's grader reads a plain answer."""
    found = re.search(r"-?\d+", text.rsplit("####", 1)[-1])
    return int(found.group()) if found else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--suite", type=int, default=1, metavar="SEED")
    parser.add_argument("--show", action="store_true", help="print the wrong answers")
    options = parser.parse_args()
    torch.set_num_threads(1)
    questions = generate.suite(options.suite)
    right = [0] * (generate.LEVELS + 1)
    for (level, text, gold), answer in zip(questions, answers(options.folder, questions)):
        right[level] += number(answer) == gold
        if options.show and number(answer) != gold:
            print(f"[{level}] {text} -> {gold}\n{answer}\n")
    for level in range(1, generate.LEVELS + 1):
        print(f"level {level:2}: {right[level]} of {generate.PER_LEVEL}")
    print(f"lower half: {sum(right[1:6])} of {5 * generate.PER_LEVEL}")
    print(f"upper half: {sum(right[6:])} of {5 * generate.PER_LEVEL}")


if __name__ == "__main__":
    main()
