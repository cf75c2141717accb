"""Trains tiny-moe on the questions of generate.py and writes a checkpoint.

    python3 train.py --out DIR [--steps N] [--decay-from N] [--seed N] [--from DIR]

Needs torch and tokenizers. One thread on purpose: it was trained on one core. The exact command, the
versions and the log of the published weights are in README.md and train.log. export.py turns the
checkpoint into the Hugging Face folder.
"""

import argparse
import json
import os
import pathlib
import random
import time

import tokenizers
import torch
import torch.nn.functional as F

import generate
import model as tiny

BOS, EOS, PAD = "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜▁pad▁｜>"
USER, ASSISTANT = "<｜User｜>", "<｜Assistant｜>"
BOS_ID, EOS_ID, PAD_ID, USER_ID, ASSISTANT_ID = range(5)

# The three splits of the DeepSeek-V3 tokenizer.
SPLITS = [
    r"\p{N}{1,3}",
    "[一-龥\u3040-ゟ゠-ヿ]+",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
    "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
]


def pre_tokenizer(splits):
    parts = [tokenizers.pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated")
             for pattern in splits]
    byte_level = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return tokenizers.pre_tokenizers.Sequence(parts + [byte_level])


def build_tokenizer(vocab_size, seed):
    """Byte-level BPE in the layout of the family. No merge holds a digit: while merges are learnt
    every digit stands alone."""
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer([r"\p{N}"] + SPLITS[1:])
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    special = [tokenizers.AddedToken(text, special=True, normalized=False)
               for text in (BOS, EOS, PAD, USER, ASSISTANT)]
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=vocab_size, special_tokens=special, show_progress=False,
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet())
    stream = generate.TrainingStream(seed)
    texts = []
    for _ in range(20000):
        _, question, reply = next(stream)
        texts += [generate.INSTRUCTION + question, reply]
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.pre_tokenizer = pre_tokenizer(SPLITS)
    return tokenizer


class Rows:
    """Batches of rows of similar length, so that little is padded, in a mixed order."""

    POOL = 24  # batches that are sorted by length together

    def __init__(self, tokenizer, seed, tokens_per_batch, warm=False):
        self.tokenizer, self.tokens = tokenizer, tokens_per_batch
        self.stream = generate.TrainingStream(seed, warm)
        self.random = random.Random(seed)
        self.head = [BOS_ID, USER_ID] + tokenizer.encode(generate.INSTRUCTION).ids
        self.ready = []

    def encode(self, pairs):
        """(ids of the question, ids of the reply) of (question, reply) texts."""
        coded = self.tokenizer.encode_batch([text for pair in pairs for text in pair])
        return [(q.ids + [ASSISTANT_ID], a.ids + [EOS_ID]) for q, a in zip(coded[::2], coded[1::2])]

    def fill(self):
        budget, pairs = self.POOL * self.tokens, []
        while budget > 0:
            _, question, reply = next(self.stream)
            pairs.append((question, reply))
            budget -= (len(question) + len(reply)) * 2 // 3
        rows = sorted(self.encode(pairs), key=lambda row: len(row[0]) + len(row[1]))
        while rows:
            length = -(-(len(rows[-1][0]) + len(rows[-1][1])) // 4) * 4
            count = max(1, self.tokens // length)
            self.ready.append((length, rows[-count:]))
            del rows[-count:]
        self.random.shuffle(self.ready)

    def __next__(self):
        if not self.ready:
            self.fill()
        # A few rows come without the suite's instruction, as in a chat.
        bare = self.random.random() < 0.15
        return make_batch(self.head[:2] if bare else self.head, *self.ready.pop())


def make_batch(head, length, rows):
    """A Batch, the positions whose next token is asked for, and those tokens."""
    ids = torch.full((len(rows), length), PAD_ID)
    keep, targets = [], []
    for i, (question, reply) in enumerate(rows):
        both = question + reply
        ids[i, : len(both)] = torch.tensor(both)
        first = len(head) + i * length + len(question) - 1
        keep.extend(range(first, first + len(reply)))
        targets.extend(reply)
    return tiny.Batch(torch.tensor(head), ids), torch.tensor(keep), torch.tensor(targets)


def orthogonal(g):
    """Newton-Schulz iteration of Muon (Jordan and others, 2024): nearly g with all singular values
    set to one. g (..., rows, columns)."""
    x = g.bfloat16()
    tall = x.shape[-2] > x.shape[-1]
    x = x.transpose(-1, -2) if tall else x
    x = x / (x.float().norm(dim=(-2, -1), keepdim=True) + 1e-7).bfloat16()
    for _ in range(5):
        a = x @ x.transpose(-1, -2)
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return (x.transpose(-1, -2) if tall else x).float()


class Muon(torch.optim.Optimizer):
    def __init__(self, params, lr, momentum=0.95, weight_decay=0.02):
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            by_shape = {}
            for p in group["params"]:
                by_shape.setdefault(p.shape[-2:], []).append(p)
            for shape, params in by_shape.items():
                self.move(params, shape, group)

    def move(self, params, shape, group):
        """All matrices of a shape at once: many small products cost more than one large one."""
        grads = torch.cat([p.grad.reshape(-1, *shape) for p in params])
        momentum = self.state[params[0]].setdefault("momentum", torch.zeros_like(grads))
        momentum.lerp_(grads, 1 - group["momentum"])
        update = orthogonal(grads.lerp_(momentum, group["momentum"]))
        scale = max(1, shape[0] / shape[1]) ** 0.5
        for p, part in zip(params, update.split([p.numel() // shape.numel() for p in params])):
            p.mul_(1 - group["lr"] * group["weight_decay"])
            p.add_(part.view_as(p), alpha=-group["lr"] * scale)


def optimizers(network):
    matrices, gates, rest = [], [], []
    for name, p in network.named_parameters():
        if name.endswith("mlp.gate"):
            gates.append(p)
        elif p.dim() < 2 or name in ("embed_tokens", "lm_head"):
            rest.append(p)
        else:
            matrices.append(p)
    adam = dict(betas=(0.9, 0.98), weight_decay=0.0, fused=True)
    return [Muon(matrices, lr=0.02), torch.optim.AdamW(rest, lr=4e-3, **adam),
            torch.optim.AdamW(gates, lr=1e-3, **adam)]


@torch.no_grad()
def exact_share(network, rows, questions):
    """Share of questions per level whose whole reply is predicted, each token given those before:
    a lower bound of greedy accuracy."""
    right, total = [0] * (generate.LEVELS + 1), [0] * (generate.LEVELS + 1)
    coded = rows.encode([(text, reply) for _, text, reply in questions])
    for begin in range(0, len(coded), 32):
        part = coded[begin: begin + 32]
        length = max(len(q) + len(a) for q, a in part)
        batch, keep, targets = make_batch(rows.head, length, part)
        logits, _ = network(batch, keep)
        hits = (logits.argmax(-1) == targets).split([len(a) for _, a in part])
        for (level, _, _), hit in zip(questions[begin:], hits):
            right[level] += bool(hit.all())
            total[level] += 1
    return [r / max(1, t) for r, t in zip(right[1:], total[1:])]


def held_out(seed, per_level):
    source, kept, check = generate.SplitMix64(seed), [], generate.Decontamination()
    for level in range(1, generate.LEVELS + 1):
        for _ in range(per_level):
            text, answer, lines = generate.draw_problem(level, source)
            if check.allows(level, text):
                kept.append((level, text, generate.reply(answer, lines)))
    return sorted(kept, key=lambda q: len(q[1]) + len(q[2]))


def balance(network, loads, speed):
    """The bias of an expert with more than its even share of tokens sinks, else it rises."""
    for moe, load in zip(network.moes(), loads):
        moe.e_score_correction_bias += speed * torch.sign(load.float().mean() - load)


def learning_rate(step, options):
    warm = min(1.0, (step + 1) / (20 if options.start else 100))
    left = (options.steps - step) / max(1, options.steps - options.decay_from)
    return warm * min(1.0, left)


def save(network, tokenizer, options, step):
    out = pathlib.Path(options.out)
    torch.save({"step": step, "config": vars(network.c), "weights": network.state_dict()},
               out / "checkpoint.tmp")
    os.replace(out / "checkpoint.tmp", out / "checkpoint.pt")
    tokenizer.save(str(out / "tokenizer.json"))


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=10000)
    parser.add_argument("--decay-from", type=int, default=6000)
    parser.add_argument("--tokens", type=int, default=4096, help="of a batch")
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--from", dest="start", metavar="DIR",
                        help="go on from this run's weights and tokenizer (another --seed, please)")
    return parser.parse_args()


def schedule_override(options):
    """DIR/schedule.json ({"steps": N, "decay_from": N}) moves the end of a run that is under way,
    on a machine whose speed was not known beforehand. The log says where."""
    path = pathlib.Path(options.out) / "schedule.json"
    if path.exists():
        wanted = json.loads(path.read_text())
        if (wanted["steps"], wanted["decay_from"]) != (options.steps, options.decay_from):
            options.steps, options.decay_from = wanted["steps"], wanted["decay_from"]
            print(f"schedule: steps {options.steps} decay_from {options.decay_from}", flush=True)


def train(options, network, tokenizer):
    rows = Rows(tokenizer, options.seed, options.tokens, warm=bool(options.start))
    checks = held_out(options.seed + 1, 20)
    movers = optimizers(network)
    peaks = [mover.param_groups[0]["lr"] for mover in movers]
    began, step, seen, recent = time.time(), 0, 0, []
    while step < options.steps:
        for mover, peak in zip(movers, peaks):
            mover.param_groups[0]["lr"] = peak * learning_rate(step, options)
        batch, keep, targets = next(rows)
        logits, loads = network(batch, keep)
        loss = F.cross_entropy(logits.float(), targets)
        for mover in movers:
            mover.zero_grad()
        loss.backward()
        for mover in movers:
            mover.step()
        # Towards the end the biases rest, so that the weights settle on one routing.
        balance(network, loads, 2e-3 * learning_rate(step, options))
        step, seen = step + 1, seen + batch.ids.numel()
        recent.append(loss.item())
        if step % 50 == 0:
            worst = max((load.max() / load.float().mean()).item() for load in loads)
            print(f"step {step} loss {sum(recent) / len(recent):.4f} tokens {seen / 1e6:.2f}M "
                  f"busiest expert {worst:.2f}x wall {time.time() - began:.0f}s "
                  f"cpu {time.process_time():.0f}s", flush=True)
            recent = []
            schedule_override(options)
        if step % 50 == 0:
            save(network, tokenizer, options, step)
        if step % 300 == 0 or step == options.steps:
            shares = exact_share(network, rows, checks)
            print("held out, whole reply right, by level: "
                  + " ".join(f"{share:.2f}" for share in shares), flush=True)
            save(network, tokenizer, options, step)


def main():
    options = parse()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    pathlib.Path(options.out).mkdir(parents=True, exist_ok=True)
    network = tiny.Model(tiny.Config())
    if options.start:
        start = pathlib.Path(options.start)
        tokenizer = tokenizers.Tokenizer.from_file(str(start / "tokenizer.json"))
        network.load_state_dict(torch.load(start / "checkpoint.pt", weights_only=True)["weights"])
    else:
        tokenizer = build_tokenizer(tiny.Config.vocab_size, options.seed)
    print(f"torch {torch.__version__} tokenizers {tokenizers.__version__} {vars(options)}")
    print(f"parameters {sum(p.numel() for p in network.parameters())}", flush=True)
    train(options, network, tokenizer)


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    main()
