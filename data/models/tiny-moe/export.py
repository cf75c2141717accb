"""Writes a checkpoint of train.py as a Hugging Face folder in bf16 and checks what it wrote.

    python3 export.py CHECKPOINT_DIR OUT_DIR

Needs torch, safetensors and transformers. Fails unless transformers' DeepseekV3ForCausalLM, loaded
from OUT_DIR, gives the logits of the training model with the same rounded weights, and unless its
tokenizer gives back the ids of the training run.
"""

import json
import pathlib
import shutil
import sys

import safetensors.torch
import torch
import transformers

import generate
import model as tiny
import train

TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ message['content'] }}{% endif %}"
    "{% if message['role'] == 'user' %}{{ '<｜User｜>' + message['content'] }}{% endif %}"
    "{% if message['role'] == 'assistant' %}"
    "{{ '<｜Assistant｜>' + message['content'] + '<｜end▁of▁sentence｜>' }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<｜Assistant｜>' }}{% endif %}")


def tensors(network):
    """Names of the family. Weights in bf16; the correction bias stays in f32, as in DeepSeek-V3."""
    out = {}
    for name, value in network.state_dict().items():
        if name.endswith("e_score_correction_bias"):
            out["model." + name.replace("mlp.e_score", "mlp.gate.e_score")] = value.clone()
            continue
        value = value.bfloat16()
        if name == "lm_head":
            out["lm_head.weight"] = value
        elif value.dim() == 3:
            stem, matrix = name.rsplit(".", 1)
            for e in range(value.shape[0]):
                out[f"model.{stem}.experts.{e}.{matrix}.weight"] = value[e].clone()
        else:
            out["model." + name + ("" if name.endswith(".weight") else ".weight")] = value
    return out


def config_json(c):
    return {
        "architectures": ["DeepseekV3ForCausalLM"],
        "model_type": "deepseek_v3",
        **vars(c),
        "num_key_value_heads": c.num_attention_heads,
        "moe_layer_freq": 1,
        "scoring_func": "sigmoid",
        "topk_method": "noaux_tc",
        "norm_topk_prob": True,
        "hidden_act": "silu",
        "attention_bias": False,
        "attention_dropout": 0.0,
        "rope_scaling": None,
        "tie_word_embeddings": False,
        "num_nextn_predict_layers": 0,
        "ep_size": 1,
        "initializer_range": 0.02,
        "use_cache": True,
        "bos_token_id": train.BOS_ID,
        "eos_token_id": train.EOS_ID,
        "pad_token_id": train.PAD_ID,
        "torch_dtype": "bfloat16",
    }


def write_folder(source, out):
    checkpoint = torch.load(source / "checkpoint.pt", weights_only=True)
    network = tiny.Model(tiny.Config(**checkpoint["config"]))
    network.load_state_dict(checkpoint["weights"])
    with torch.no_grad():
        for p in network.parameters():
            p.copy_(p.bfloat16())
    safetensors.torch.save_file(tensors(network), out / "model.safetensors", {"format": "pt"})
    (out / "model.safetensors").chmod(0o644)
    files = {
        "config.json": config_json(network.c),
        "generation_config.json": {"bos_token_id": train.BOS_ID, "eos_token_id": train.EOS_ID,
                                   "do_sample": False, "max_new_tokens": 256},
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": train.BOS,
            "eos_token": train.EOS, "pad_token": train.PAD, "add_bos_token": True,
            "add_eos_token": False, "clean_up_tokenization_spaces": False,
            "model_max_length": network.c.max_position_embeddings, "chat_template": TEMPLATE},
    }
    for name, content in files.items():
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        (out / name).write_text(text, encoding="utf-8")
    if (source / "tokenizer.json").resolve() != (out / "tokenizer.json").resolve():
        shutil.copy(source / "tokenizer.json", out / "tokenizer.json")
    return network, checkpoint["step"]


@torch.no_grad()
def check(network, out):
    tokenizer = transformers.AutoTokenizer.from_pretrained(out)
    theirs = transformers.AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32).eval()
    tiny.Precision.exact = True
    worst = 0.0
    for level, text, _ in generate.suite(1)[::10]:
        chat = [{"role": "user", "content": generate.INSTRUCTION + text}]
        ids = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_dict=False)
        parts = tokenizer(generate.INSTRUCTION + text, add_special_tokens=False).input_ids
        assert ids == [train.BOS_ID, train.USER_ID] + parts + [train.ASSISTANT_ID], (level, text)
        batch = tiny.Batch(torch.tensor(ids[:2]), torch.tensor([ids[2:]]))
        ours, _ = network(batch, torch.arange(len(ids)))
        reference = theirs(torch.tensor([ids])).logits[0]
        worst = max(worst, ((ours - reference).abs().max() / reference.abs().max()).item())
    assert worst < 1e-4, worst
    return worst


def main():
    source, out = map(pathlib.Path, sys.argv[1:3])
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    network, step = write_folder(source, out)
    worst = check(network, out)
    size = (out / "model.safetensors").stat().st_size
    print(f"step {step}: {size} bytes; logits as transformers {transformers.__version__} gives them "
          f"(largest difference {worst:.1e} of the largest logit)")


if __name__ == "__main__":
    main()
