#!/usr/bin/env python3
"""llama.cpp on a model of the shapes of bench_engine's: random bf16 weights, DeepSeek-V2-Lite's layers, four of them.

    python3 tests/bench/engine_peer.py write FILE.gguf       needs PyPI's gguf and numpy; 4.5 GB
    python3 tests/bench/engine_peer.py measure FILE.gguf [THREADS]      needs PyPI's llama-cpp-python

`measure` prints one line of JSON a figure, as bench_engine does. Prompts are one batch of 512 tokens and one of 2048,
decoding is 32 tokens after 128. llama.cpp takes a model of this family for Lite, without a low-rank query, only where
it has 26 or 27 layers; with four it wants q_a and q_b, so they have a rank of 1216, which gives the query's two
matrices together the size of the one (6.23 M weights instead of 6.29 M).
"""

import json
import os
import sys
import time

LAYERS, HIDDEN, DENSE, EXPERT, EXPERTS, CHOSEN, SHARED = 4, 2048, 10944, 1408, 64, 6, 2
HEADS, LATENT, NOPE, ROPE, VALUE, Q_RANK, VOCABULARY = 16, 512, 128, 64, 128, 1216, 102400


def write(path):
    import gguf
    import numpy

    random = numpy.random.default_rng(1)
    values = random.uniform(-0.04, 0.04, VOCABULARY * HIDDEN).astype(numpy.float32)
    block = (values.view(numpy.uint32) >> 16).astype(numpy.uint16)
    writer = gguf.GGUFWriter(path, "deepseek2", use_temp_file=False)
    writer.add_name("bench")
    writer.add_block_count(LAYERS)
    writer.add_context_length(163840)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(DENSE)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    writer.add_rope_dimension_count(ROPE)
    writer.add_key_length(LATENT + ROPE)
    writer.add_value_length(LATENT)
    writer.add_key_length_mla(NOPE + ROPE)
    writer.add_value_length_mla(VALUE)
    writer.add_kv_lora_rank(LATENT)
    writer.add_q_lora_rank(Q_RANK)
    writer.add_vocab_size(VOCABULARY)
    writer.add_expert_count(EXPERTS)
    writer.add_expert_used_count(CHOSEN)
    writer.add_expert_shared_count(SHARED)
    writer.add_expert_feed_forward_length(EXPERT)
    writer.add_leading_dense_block_count(1)
    writer.add_expert_weights_scale(1.0)
    writer.add_expert_weights_norm(False)
    writer.add_expert_gating_func(gguf.ExpertGatingFuncType.SOFTMAX)
    writer.add_tokenizer_model("no_vocab")
    place = 0

    def matrix(name, *shape):
        nonlocal place
        count = int(numpy.prod(shape))
        place = (place + 4099 * 64) % max(1, block.size - min(count, block.size))
        tensor = numpy.resize(block[place:place + min(count, block.size)], count).reshape(shape)
        writer.add_tensor(name, tensor.view(numpy.uint8), raw_dtype=gguf.GGMLQuantizationType.BF16)

    def norm(name, size):
        writer.add_tensor(name, numpy.ones(size, dtype=numpy.float32))

    matrix("token_embd.weight", VOCABULARY, HIDDEN)
    matrix("output.weight", VOCABULARY, HIDDEN)
    norm("output_norm.weight", HIDDEN)
    for layer in range(LAYERS):
        at = f"blk.{layer}."
        norm(at + "attn_norm.weight", HIDDEN)
        norm(at + "ffn_norm.weight", HIDDEN)
        matrix(at + "attn_q_a.weight", Q_RANK, HIDDEN)
        norm(at + "attn_q_a_norm.weight", Q_RANK)
        matrix(at + "attn_q_b.weight", HEADS * (NOPE + ROPE), Q_RANK)
        matrix(at + "attn_kv_a_mqa.weight", LATENT + ROPE, HIDDEN)
        norm(at + "attn_kv_a_norm.weight", LATENT)
        matrix(at + "attn_k_b.weight", HEADS, LATENT, NOPE)
        matrix(at + "attn_v_b.weight", HEADS, VALUE, LATENT)
        matrix(at + "attn_output.weight", HIDDEN, HEADS * VALUE)
        if layer == 0:
            for name, rows, cols in (("gate", DENSE, HIDDEN), ("up", DENSE, HIDDEN), ("down", HIDDEN, DENSE)):
                matrix(at + f"ffn_{name}.weight", rows, cols)
            continue
        gate = random.uniform(-0.04, 0.04, (EXPERTS, HIDDEN)).astype(numpy.float32)
        writer.add_tensor(at + "ffn_gate_inp.weight", gate)
        for name, rows, cols in (("gate", EXPERT, HIDDEN), ("up", EXPERT, HIDDEN), ("down", HIDDEN, EXPERT)):
            matrix(at + f"ffn_{name}_exps.weight", EXPERTS, rows, cols)
            wide = (rows * SHARED, cols) if name != "down" else (rows, cols * SHARED)
            matrix(at + f"ffn_{name}_shexp.weight", *wide)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def measure(path, threads):
    import llama_cpp as llama

    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # it tells hundreds of lines about the model
    llama.llama_backend_init()
    model_params = llama.llama_model_default_params()
    model_params.n_gpu_layers = 0
    model_params.use_extra_bufts = False  # its repacking for AMX has crashed on this kind of processor
    model = llama.llama_model_load_from_file(path.encode(), model_params)
    if not model:
        print(json.dumps({"peer": "llama.cpp", "error": f"does not load {path}"}))
        sys.exit(1)
    params = llama.llama_context_default_params()
    params.n_ctx = params.n_batch = params.n_ubatch = 2304
    params.n_threads = params.n_threads_batch = threads
    context = llama.llama_init_from_model(model, params)

    def decode(tokens):
        array = (llama.llama_token * len(tokens))(*tokens)
        if llama.llama_decode(context, llama.llama_batch_get_one(array, len(tokens))) != 0:
            sys.exit("llama_decode failed")
        llama.llama_synchronize(context)

    def best(prompt, count, rounds):
        fastest = float("inf")
        for _ in range(rounds):
            llama.llama_memory_clear(llama.llama_get_memory(context), True)
            tokens = [(i * 7919 + 17) % VOCABULARY for i in range(prompt)]
            if count == 0:
                start = time.perf_counter()
                decode(tokens)
            else:
                decode(tokens)
                start = time.perf_counter()
                for i in range(count):
                    decode([(i * 104729 + 3) % VOCABULARY])
            fastest = min(fastest, time.perf_counter() - start)
        return (count or prompt) / fastest

    decode([1, 2, 3])
    for what, prompt, count, rounds in (("decode", 128, 32, 3), ("prompt of 512", 512, 0, 3),
                                        ("prompt of 2048", 2048, 0, 1)):
        print(json.dumps({"what": what, "peer": "llama.cpp", "tokens_per_s": round(best(prompt, count, rounds), 2)}),
              flush=True)


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("write", "measure"):
        sys.exit(__doc__)
    if sys.argv[1] == "write":
        write(sys.argv[2])
    else:
        measure(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 2)


if __name__ == "__main__":
    main()
