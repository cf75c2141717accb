#!/usr/bin/env python3
"""Makes the golden vectors of the built-in engine with Hugging Face transformers.

    python3 tests/goldens/make_goldens.py [NAME...]      writes tests/goldens/NAME.json and NAME.safetensors

Needs torch (CPU), numpy, safetensors and a transformers with pull request 47435 (mscale in DeepSeek-V2's softmax
scale; 5.23 has it, and masks unchosen groups with -inf). The vectors in the repository were made with the versions
that each NAME.json states.

The weights themselves are not stored: they follow from a name, an index and a seed by integer arithmetic (`draw`
below, and tests/goldens/checkpoint.h, which writes the same checkpoint as safetensors for the loader to read).

NAME.json        config (a config.json of the family), weights (seed and storage type), prompt, greedy (256 tokens),
                 continuations with the log-probability of every next token
NAME.safetensors logits, f32, (prompt length, vocab_size)

A configuration whose answer hangs on rounding is no test: the script repeats the greedy run in float64 and refuses
a prompt whose tokens change, or whose best two logits come closer than 7e-4 of the largest.
"""

import json
import math
import pathlib
import sys

import numpy
import safetensors.numpy
import torch
import transformers

HERE = pathlib.Path(__file__).resolve().parent
GREEDY_TOKENS = 256
BLOCK = 128  # rows and columns of one FP8 scale

YARN = {"type": "yarn", "factor": 40, "original_max_position_embeddings": 4096, "beta_fast": 32, "beta_slow": 1,
        "mscale": 1.0, "mscale_all_dim": 1.0}
V3 = {"architectures": ["DeepseekV3ForCausalLM"], "model_type": "deepseek_v3", "vocab_size": 1024, "hidden_size": 256,
      "intermediate_size": 512, "moe_intermediate_size": 128, "num_hidden_layers": 4, "num_attention_heads": 4,
      "num_key_value_heads": 4, "q_lora_rank": 96, "kv_lora_rank": 128, "qk_nope_head_dim": 32, "qk_rope_head_dim": 16,
      "v_head_dim": 32, "n_routed_experts": 16, "n_shared_experts": 1, "num_experts_per_tok": 4, "n_group": 4,
      "topk_group": 2, "topk_method": "noaux_tc", "scoring_func": "sigmoid", "norm_topk_prob": True,
      "routed_scaling_factor": 2.5, "first_k_dense_replace": 1, "moe_layer_freq": 1, "num_nextn_predict_layers": 1,
      "hidden_act": "silu", "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "rope_scaling": YARN,
      "max_position_embeddings": 163840, "attention_bias": False, "tie_word_embeddings": False, "bos_token_id": 0,
      "eos_token_id": 1, "torch_dtype": "bfloat16"}
V2 = {**V3, "architectures": ["DeepseekV2ForCausalLM"], "model_type": "deepseek_v2", "q_lora_rank": None,
      "n_shared_experts": 2, "n_group": 1, "topk_group": 1, "topk_method": "greedy", "scoring_func": "softmax",
      "norm_topk_prob": False, "routed_scaling_factor": 1.0,
      "rope_scaling": {**YARN, "mscale": 0.707, "mscale_all_dim": 0.707}}
del V2["num_nextn_predict_layers"]
FP8 = {"activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8", "weight_block_size": [BLOCK, BLOCK]}

# dtype: of the matrices; bias: centre and half-width of e_score_correction_bias; norm_dtype and shards: see `make`
GOLDENS = {
    "tiny_v3": (V3, {"dtype": "BF16"}),
    "tiny_v2": (V2, {"dtype": "BF16", "shards": 2}),
    # V2 itself: q_lora, groups scored by their best expert, weights scaled by 16.
    "tiny_v2_group": ({**V2, "q_lora_rank": 96, "n_group": 4, "topk_group": 2, "topk_method": "group_limited_greedy",
                       "routed_scaling_factor": 16.0, "rope_scaling": YARN, "torch_dtype": "float16"},
                      {"dtype": "F16"}),
    # Nothing is a multiple of 128, so that every FP8 matrix has ragged blocks.
    "tiny_ragged": ({**V3, "vocab_size": 1003, "hidden_size": 200, "intermediate_size": 332,
                     "moe_intermediate_size": 72, "num_attention_heads": 5, "num_key_value_heads": 5, "q_lora_rank": 72,
                     "kv_lora_rank": 136, "qk_nope_head_dim": 24, "qk_rope_head_dim": 8, "v_head_dim": 40,
                     "n_routed_experts": 12, "n_group": 3, "topk_group": 2, "num_experts_per_tok": 3,
                     "first_k_dense_replace": 2, "quantization_config": FP8},
                    {"dtype": "F8_E4M3", "norm_dtype": "F32", "shards": 3}),
    "tiny_negative_bias": ({**V3, "torch_dtype": "float32"}, {"dtype": "F32", "bias": (-1.75, 0.5)}),
    "tiny_fp8": ({**V3, "q_lora_rank": 128, "kv_lora_rank": 256, "quantization_config": FP8},
                 {"dtype": "F8_E4M3"}),
    # YaRN whose cos and sin are scaled too (mscale differs from mscale_all_dim), at positions past the original
    # length; one embedding for input and output; gate weights not normalised.
    "tiny_yarn": ({**V3, "q_lora_rank": None, "tie_word_embeddings": True, "norm_topk_prob": False,
                   "routed_scaling_factor": 1.5, "rope_theta": 50000.0, "qk_rope_head_dim": 32,
                   "rope_scaling": {**YARN, "factor": 8, "original_max_position_embeddings": 64, "mscale": 1.0,
                                    "mscale_all_dim": 0.707}, "max_position_embeddings": 512},
                  {"dtype": "BF16", "embed_scale": 0.375}),
    "tiny_plain": ({**V2, "rope_scaling": None, "n_shared_experts": 1, "num_hidden_layers": 3, "rms_norm_eps": 1e-5,
                    "num_experts_per_tok": 2}, {"dtype": "F32"}),
}


def hashed(name, seed):
    """FNV-1a over the name, stirred with the seed."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = (state ^ byte) * 0x100000001B3 % 2**64
    return (state ^ seed * 0x9E3779B97F4A7C15) % 2**64


def draw(name, seed, count):
    """`count` integers in [0, 2^24): the top bits of splitmix64 started at hashed(name, seed)."""
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(hashed(name, seed)) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(
            0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        return (z ^ (z >> numpy.uint64(31))) >> numpy.uint64(40)


def uniform(name, seed, shape):
    """Doubles in [-1, 1), multiples of 2^-23."""
    return (draw(name, seed, math.prod(shape)).astype(numpy.float64) / 2**23 - 1).reshape(shape)


def as_bf16(values):
    bits = values.astype(numpy.float32).view(numpy.uint32).astype(numpy.uint64)
    rounded = (bits + 0x7FFF + ((bits >> numpy.uint64(16)) & numpy.uint64(1))) >> numpy.uint64(16) << numpy.uint64(16)
    return rounded.astype(numpy.uint32).view(numpy.float32)


def stored(values, dtype):
    """What the checkpoint's type keeps of `values`, as float32."""
    if dtype == "BF16":
        return as_bf16(values)
    return values.astype(numpy.float16 if dtype == "F16" else numpy.float32).astype(numpy.float32)


def e4m3_values():
    codes = numpy.arange(256)
    exponent, mantissa = codes >> 3 & 15, codes & 7
    size = numpy.where(exponent > 0, (8 + mantissa) * 2.0 ** (exponent - 10), mantissa * 2.0**-9)
    return numpy.where(codes & 128, -size, size)


def fp8_matrix(name, seed, shape):
    """Codes drawn evenly over the finite values (r.m.s. about 90), times one scale a block."""
    bits = draw(name, seed, math.prod(shape)).astype(numpy.int64)
    codes = ((bits >> 16) % 127 + (bits & 1) * 128).reshape(shape)
    blocks = [-(-n // BLOCK) for n in shape]
    scales = ((1 + uniform(name + "_scale_inv", seed, blocks) / 2) / (90 * math.sqrt(shape[1]))).astype(numpy.float32)
    spread = numpy.repeat(numpy.repeat(scales, BLOCK, 0), BLOCK, 1)[: shape[0], : shape[1]]
    return e4m3_values()[codes].astype(numpy.float32) * spread


def weight(name, shape, weights):
    """One tensor as the checkpoint holds it, as float32. The rules are those of checkpoint.h."""
    seed, dtype = weights["seed"], weights["dtype"]
    if name.endswith("e_score_correction_bias"):
        centre, width = weights["bias"]
        return (centre + width * uniform(name, seed, shape)).astype(numpy.float32)
    if name.endswith("norm.weight"):
        return stored(1 + uniform(name, seed, shape) / 8, weights["norm_dtype"])
    plain = "BF16" if dtype == "F8_E4M3" else dtype
    if name == "model.embed_tokens.weight":
        return stored(uniform(name, seed, shape) * weights["embed_scale"], plain)
    if name == "lm_head.weight":
        return stored(uniform(name, seed, shape) * (6 / math.sqrt(shape[1])), plain)
    if name.endswith("mlp.gate.weight"):
        return stored(uniform(name, seed, shape) * (3 / math.sqrt(shape[1])), plain)
    if dtype == "F8_E4M3":
        return fp8_matrix(name, seed, shape)
    return stored(uniform(name, seed, shape) * (1.75 / math.sqrt(shape[1])), dtype)


def fill(model, weights):
    """Gives every parameter of a transformers model the checkpoint's values; experts are stacked there."""
    with torch.no_grad():
        for name, tensor in list(model.named_parameters()) + list(model.named_buffers()):
            shape = list(tensor.shape)
            if name.endswith("inv_freq"):
                continue
            if name.endswith("mlp.experts.gate_up_proj"):
                half = [shape[1] // 2, shape[2]]
                stem = name.removesuffix("gate_up_proj")
                values = numpy.stack([numpy.concatenate([weight(f"{stem}{e}.gate_proj.weight", half, weights),
                                                         weight(f"{stem}{e}.up_proj.weight", half, weights)])
                                      for e in range(shape[0])])
            elif name.endswith("mlp.experts.down_proj"):
                stem = name.removesuffix("down_proj")
                values = numpy.stack([weight(f"{stem}{e}.down_proj.weight", shape[1:], weights)
                                      for e in range(shape[0])])
            else:
                values = weight(name, shape, weights)
            tensor.copy_(torch.from_numpy(numpy.ascontiguousarray(values)))


def make_model(config, weights):
    fields = {k: v for k, v in config.items() if k not in ("architectures", "quantization_config", "torch_dtype")}
    kind = (transformers.DeepseekV3Config, transformers.DeepseekV3ForCausalLM)
    if config["model_type"] == "deepseek_v2":
        kind = (transformers.DeepseekV2Config, transformers.DeepseekV2ForCausalLM)
    settings = kind[0](**fields)
    settings._attn_implementation = "eager"
    settings._experts_implementation = "eager"
    model = kind[1](settings).to(torch.float32).eval()
    fill(model, weights)
    return model


@torch.no_grad()
def logits_of(model, tokens):
    return model(torch.tensor([tokens]), use_cache=False).logits[0]


@torch.no_grad()
def greedy(model, prompt, count):
    """Tokens, and the smallest gap between the two best logits relative to the largest logit."""
    tokens, gap = [], math.inf
    step = model(torch.tensor([prompt]), use_cache=True)
    for _ in range(count):
        row = step.logits[0, -1]
        best = torch.topk(row, 2).values
        gap = min(gap, float((best[0] - best[1]) / row.abs().max()))
        tokens.append(int(row.argmax()))
        step = model(torch.tensor([[tokens[-1]]]), past_key_values=step.past_key_values, use_cache=True)
    return tokens, gap


def log_likelihoods(model, tokens):
    """The log-probability of tokens[1:], each given those before it."""
    logprobs = torch.log_softmax(logits_of(model, tokens).double(), -1)
    return [round(float(logprobs[i, t]), 7) for i, t in enumerate(tokens[1:])]


def make(name):
    config, weights = GOLDENS[name]
    weights = {"seed": 1 + list(GOLDENS).index(name), "dtype": weights["dtype"],
               "norm_dtype": weights.get("norm_dtype", "BF16" if weights["dtype"] == "F8_E4M3" else weights["dtype"]),
               "shards": weights.get("shards", 1), "bias": weights.get("bias", (0, 0.25)),
               "embed_scale": weights.get("embed_scale", 1)}
    model, exact = make_model(config, weights), None
    vocab = config["vocab_size"]
    for attempt in range(200):
        prompt = [int(t) % vocab for t in draw(f"prompt {attempt}", weights["seed"], 24)]
        tokens, gap = greedy(model, prompt, GREEDY_TOKENS)
        if gap < 7e-4 or len(set(tokens)) < 40:
            continue
        exact = exact or make_model(config, weights).double()
        if greedy(exact, prompt, GREEDY_TOKENS)[0] == tokens:
            break
    else:
        raise SystemExit(f"{name}: no prompt whose greedy answer does not hang on rounding")
    logits = logits_of(model, prompt)
    error = float((logits - logits_of(exact, prompt)).abs().max() / logits.abs().max())
    texts = [prompt + tokens[:24]] + [[int(t) % vocab for t in draw(f"text {i}", weights["seed"], 20 + 30 * i)]
                                      for i in range(3)]
    record = {"made_with": {"transformers": transformers.__version__, "torch": torch.__version__.split("+")[0]},
              "config": config, "weights": weights, "prompt": prompt, "greedy": tokens,
              "continuations": [{"tokens": t, "logprobs": log_likelihoods(model, t)} for t in texts if t]}
    (HERE / f"{name}.json").write_text(json.dumps(record, indent=None, separators=(",", ":")) + "\n")
    safetensors.numpy.save_file({"logits": logits.float().numpy()}, HERE / f"{name}.safetensors")
    print(f"{name}: prompt {attempt}, gap {gap:.2e}, {len(set(tokens))} different tokens, "
          f"f32 against f64 {error:.1e}, largest logit {float(logits.abs().max()):.2f}", flush=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    for wanted in sys.argv[1:] or GOLDENS:
        make(wanted)
