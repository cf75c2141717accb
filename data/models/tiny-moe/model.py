"""DeepSeek-V3 in plain torch, for training: multi-head latent attention, a sigmoid gate with
correction bias and groups (noaux_tc), a shared expert, dense first layers.

Written from the published description (DeepSeek-V3 technical report, sections 2.1.1 and 2.1.2).
Weights are kept in f32; matrix products run in bf16 while training, in f32 when `exact` is set.
"""

import dataclasses

import torch
import torch.nn.functional as F
from torch import nn


@dataclasses.dataclass
class Config:
    vocab_size: int = 640
    hidden_size: int = 128
    intermediate_size: int = 384
    moe_intermediate_size: int = 96
    num_hidden_layers: int = 4
    first_k_dense_replace: int = 1
    num_attention_heads: int = 4
    q_lora_rank: int = 64
    kv_lora_rank: int = 48
    qk_nope_head_dim: int = 32
    qk_rope_head_dim: int = 16
    v_head_dim: int = 32
    n_routed_experts: int = 8
    n_shared_experts: int = 1
    num_experts_per_tok: int = 2
    n_group: int = 4
    topk_group: int = 2
    routed_scaling_factor: float = 1.5
    rms_norm_eps: float = 1e-6
    rope_theta: float = 10000.0
    max_position_embeddings: int = 1024


class Precision:
    """How matrix products run: bf16 (f32 sums inside the product), or f32 when exact."""

    exact = False


def half():
    return torch.float32 if Precision.exact else torch.bfloat16


def linear(x, weight):
    return F.linear(x.to(half()), weight.to(half()))


class Rms(torch.autograd.Function):
    """x / rms(x) * weight from f32 to the type of the products: few passes over memory, which is
    what limits a small model on a CPU."""

    @staticmethod
    def forward(ctx, x, weight, eps):
        scale = torch.linalg.vector_norm(x, dim=-1, keepdim=True, dtype=torch.float32)
        scale = (scale.square_().div_(x.shape[-1]).add_(eps)).rsqrt_()
        ctx.save_for_backward(x, weight, scale)
        return (x * scale).mul_(weight).to(half())

    @staticmethod
    def backward(ctx, grad):
        x, weight, scale = ctx.saved_tensors
        unit, grad = x * scale, grad.float()
        grad_weight = (grad * unit).sum(0)
        grad = grad * weight
        along = (grad * unit).mean(-1, keepdim=True)
        return torch.addcmul(grad, unit, along, value=-1).mul_(scale), grad_weight, None


class Norm(nn.Module):
    def __init__(self, size, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x):
        return Rms.apply(x.float(), self.weight, self.eps)


class SwiGlu(torch.autograd.Function):
    """silu(gate) * up of gate_up (..., 2 * inner)."""

    @staticmethod
    def forward(ctx, gate_up):
        ctx.save_for_backward(gate_up)
        gate, up = gate_up.chunk(2, -1)
        return F.silu(gate) * up

    @staticmethod
    def backward(ctx, grad):
        (gate_up,) = ctx.saved_tensors
        gate, up = gate_up.chunk(2, -1)
        out = torch.empty_like(gate_up)
        grad_gate, grad_up = out.chunk(2, -1)
        torch.mul(grad, F.silu(gate), out=grad_up)
        grad_gate.copy_(torch.ops.aten.silu_backward(grad * up, gate))
        return out


class Rotate(torch.autograd.Function):
    """The last `rope` of x (N, heads, n) turned by interleaved pairs (2i, 2i + 1), as in the
    family's reference; the rest as it is. cos, sin (N, 1, rope / 2)."""

    @staticmethod
    def turn(x, cos, sin):
        out = x.clone()
        rope = 2 * cos.shape[-1]
        even, odd = x[..., -rope::2], x[..., 1 - rope :: 2]
        out[..., -rope::2] = even * cos - odd * sin
        out[..., 1 - rope :: 2] = even * sin + odd * cos
        return out

    @staticmethod
    def forward(ctx, x, cos, sin):
        ctx.save_for_backward(cos, sin)
        return Rotate.turn(x, cos, sin)

    @staticmethod
    def backward(ctx, grad):
        cos, sin = ctx.saved_tensors
        return Rotate.turn(grad, cos, -sin), None, None


class ToExperts(torch.autograd.Function):
    """x (N, d) -> (slots, d): slot s holds token token_of[s], or zeros. The gradient of a token is
    gathered from its k slots, which is much faster than scattering it from there."""

    @staticmethod
    def forward(ctx, x, token_of, slot_of):
        ctx.save_for_backward(slot_of)
        return F.pad(x, (0, 0, 0, 1))[token_of]

    @staticmethod
    def backward(ctx, grad):
        (slot_of,) = ctx.saved_tensors
        return F.pad(grad, (0, 0, 0, 1))[slot_of].sum(1), None, None


class FromExperts(torch.autograd.Function):
    """out (slots, d) -> (N, k, d); a dropped choice gets zeros."""

    @staticmethod
    def forward(ctx, out, choice_of, slot_of):
        ctx.save_for_backward(choice_of)
        return F.pad(out, (0, 0, 0, 1))[slot_of]

    @staticmethod
    def backward(ctx, grad):
        (choice_of,) = ctx.saved_tensors
        return F.pad(grad.flatten(0, 1), (0, 0, 0, 1))[choice_of], None, None


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        heads, head = c.num_attention_heads, c.qk_nope_head_dim + c.qk_rope_head_dim
        self.q_a_proj = nn.Parameter(torch.empty(c.q_lora_rank, c.hidden_size))
        self.q_a_layernorm = Norm(c.q_lora_rank, c.rms_norm_eps)
        self.q_b_proj = nn.Parameter(torch.empty(heads * head, c.q_lora_rank))
        self.kv_a_proj_with_mqa = nn.Parameter(
            torch.empty(c.kv_lora_rank + c.qk_rope_head_dim, c.hidden_size))
        self.kv_a_layernorm = Norm(c.kv_lora_rank, c.rms_norm_eps)
        self.kv_b_proj = nn.Parameter(
            torch.empty(heads * (c.qk_nope_head_dim + c.v_head_dim), c.kv_lora_rank))
        self.o_proj = nn.Parameter(torch.empty(c.hidden_size, heads * c.v_head_dim))

    def forward(self, x, cos, sin, batch):
        """x (P + B * T, d): the shared prefix, then the rows. A prefix token sees the prefix up to
        itself; a token of a row sees the prefix and its row up to itself."""
        c = self.c
        heads, nope, rope = c.num_attention_heads, c.qk_nope_head_dim, c.qk_rope_head_dim
        both = linear(x, torch.cat((self.q_a_proj, self.kv_a_proj_with_mqa)))
        q_low, latent, k_rope = both.split((c.q_lora_rank, c.kv_lora_rank, rope), -1)
        q = linear(self.q_a_layernorm(q_low), self.q_b_proj).view(-1, heads, nope + rope)
        q = Rotate.apply(q, cos, sin)
        k_rope = Rotate.apply(k_rope.unsqueeze(1), cos, sin)
        kv = linear(self.kv_a_layernorm(latent), self.kv_b_proj)
        kv = kv.view(-1, heads, nope + c.v_head_dim)
        k = torch.cat((kv[..., :nope], k_rope.expand(-1, heads, -1)), -1)
        v = kv[..., nope:]
        p, b, t = batch.prefix, batch.rows, batch.length

        def by_row(z):  # (B * T, heads, n) -> (B, heads, T, n)
            return z.view(b, t, heads, -1).transpose(1, 2)

        def with_prefix(z):  # (P + B * T, heads, n) -> (B * heads, P + T, n)
            shared = z[:p].transpose(0, 1).expand(b, -1, -1, -1)
            return torch.cat((shared, by_row(z[p:])), 2).flatten(0, 1)

        def attend(q, k, v, mask):
            scores = torch.baddbmm(mask.to(q.dtype), q, k.transpose(1, 2),
                                   alpha=(nope + rope) ** -0.5)
            return scores.softmax(-1) @ v

        first = attend(*(z[:p].transpose(0, 1) for z in (q, k, v)), batch.mask[:p, :p])
        first = first.transpose(0, 1).reshape(p, -1)
        rest = attend(by_row(q[p:]).flatten(0, 1), with_prefix(k), with_prefix(v), batch.mask[p:])
        rest = rest.view(b, heads, t, -1).transpose(1, 2).reshape(b * t, -1)
        return linear(torch.cat((first, rest)), self.o_proj)


class Mlp(nn.Module):
    def __init__(self, c, inner):
        super().__init__()
        self.gate_proj = nn.Parameter(torch.empty(inner, c.hidden_size))
        self.up_proj = nn.Parameter(torch.empty(inner, c.hidden_size))
        self.down_proj = nn.Parameter(torch.empty(c.hidden_size, inner))

    def forward(self, x):
        gate_up = linear(x, torch.cat((self.gate_proj, self.up_proj)))
        return linear(SwiGlu.apply(gate_up), self.down_proj)


class Moe(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        inner = c.moe_intermediate_size
        self.gate = nn.Parameter(torch.empty(c.n_routed_experts, c.hidden_size))
        self.register_buffer("e_score_correction_bias", torch.zeros(c.n_routed_experts))
        self.gate_proj = nn.Parameter(torch.empty(c.n_routed_experts, inner, c.hidden_size))
        self.up_proj = nn.Parameter(torch.empty(c.n_routed_experts, inner, c.hidden_size))
        self.down_proj = nn.Parameter(torch.empty(c.n_routed_experts, c.hidden_size, inner))
        self.shared_experts = Mlp(c, c.n_shared_experts * inner)

    def route(self, x):
        """Chosen experts (N, k) and their weights (N, k). The bias only chooses."""
        c = self.c
        scores = torch.sigmoid(F.linear(x.float(), self.gate))
        with torch.no_grad():
            biased = scores + self.e_score_correction_bias
            groups = biased.view(-1, c.n_group, c.n_routed_experts // c.n_group)
            group_scores = groups.topk(2, -1).values.sum(-1)
            kept = torch.zeros_like(group_scores).scatter_(
                -1, group_scores.topk(c.topk_group, -1).indices, 1).bool()
            biased = groups.masked_fill(~kept.unsqueeze(-1), float("-inf")).flatten(-2)
            chosen = biased.topk(c.num_experts_per_tok, -1).indices
        weights = scores.gather(-1, chosen)
        weights = weights / (weights.sum(-1, keepdim=True) + 1e-20) * c.routed_scaling_factor
        return chosen, weights

    def forward(self, x):
        """x (N, d): the output (N, d), and how many tokens chose each expert (E). An expert computes
        at most twice its even share: choices beyond that are dropped, which happens in the first
        steps of training only. When exact nothing is dropped."""
        experts, k = self.c.n_routed_experts, self.c.num_experts_per_tok
        chosen, weights = self.route(x)
        flat = chosen.flatten()
        member = F.one_hot(flat, experts)
        load = member.sum(0)
        capacity = int(load.max())
        if not Precision.exact:
            capacity = min(capacity, 2 * flat.numel() // experts)
        rank = member.cumsum(0).gather(1, flat.unsqueeze(1)).squeeze(1) - 1
        slot_of = torch.where(rank < capacity, flat * capacity + rank, experts * capacity)
        choice_of = torch.full((experts * capacity + 1,), flat.numel())
        choice_of[slot_of] = torch.arange(flat.numel())
        choice_of = choice_of[:-1]
        slot_of = slot_of.view(chosen.shape)
        rows = ToExperts.apply(x, choice_of // k, slot_of).view(experts, capacity, -1)
        gate_up = torch.cat((self.gate_proj, self.up_proj), 1).to(half())
        out = SwiGlu.apply(rows @ gate_up.transpose(1, 2))
        out = out @ self.down_proj.to(half()).transpose(1, 2)
        out = FromExperts.apply(out.flatten(0, 1), choice_of, slot_of)
        routed = (out * weights.to(half()).unsqueeze(-1)).sum(1)
        return routed + self.shared_experts(x), load


class Layer(nn.Module):
    def __init__(self, c, index):
        super().__init__()
        self.input_layernorm = Norm(c.hidden_size, c.rms_norm_eps)
        self.self_attn = Attention(c)
        self.post_attention_layernorm = Norm(c.hidden_size, c.rms_norm_eps)
        dense = index < c.first_k_dense_replace
        self.mlp = Mlp(c, c.intermediate_size) if dense else Moe(c)

    def forward(self, x, cos, sin, batch):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, batch)
        out = self.mlp(self.post_attention_layernorm(x))
        out, load = out if isinstance(out, tuple) else (out, None)
        return x + out, load


class Batch:
    """Rows of equal length that continue one shared prefix: the chat's head and the instruction,
    the same in all of them, are computed once. ids (P + B * T), flat."""

    def __init__(self, prefix_ids, row_ids):
        self.prefix, (self.rows, self.length) = len(prefix_ids), row_ids.shape
        self.ids = torch.cat((prefix_ids, row_ids.flatten()))
        steps = torch.arange(self.prefix + self.length)
        self.positions = torch.cat((steps[: self.prefix], steps[self.prefix:].repeat(self.rows)))
        ahead = steps[None, :] > steps[:, None]
        self.mask = torch.zeros(ahead.shape).masked_fill(ahead, float("-inf"))


class Model(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.embed_tokens = nn.Parameter(torch.empty(c.vocab_size, c.hidden_size))
        self.layers = nn.ModuleList(Layer(c, i) for i in range(c.num_hidden_layers))
        self.norm = Norm(c.hidden_size, c.rms_norm_eps)
        self.lm_head = nn.Parameter(torch.empty(c.vocab_size, c.hidden_size))
        depth = (2 * c.num_hidden_layers) ** -0.5
        for name, weight in self.named_parameters():
            if weight.dim() >= 2:
                scale = weight.shape[-1] ** -0.5
                if name.endswith(("o_proj", "down_proj")):
                    scale *= depth
                if name.endswith("mlp.gate"):
                    scale *= 0.1  # scores start near 1/2, where the bias balances them quickly
                nn.init.normal_(weight, std=0.5 if name == "embed_tokens" else scale)

    def forward(self, batch, keep):
        """Logits (n, vocab) at the flat positions `keep`; per MoE layer the load of its experts."""
        c = self.c
        steps = torch.arange(0, c.qk_rope_head_dim, 2, dtype=torch.float32) / c.qk_rope_head_dim
        angles = batch.positions[:, None, None].float() * c.rope_theta**-steps
        cos, sin = angles.cos(), angles.sin()
        x, loads = F.embedding(batch.ids, self.embed_tokens), []
        for layer in self.layers:
            x, load = layer(x, cos, sin, batch)
            loads += [] if load is None else [load]
        return linear(self.norm(x[keep]), self.lm_head), loads

    def moes(self):
        return [layer.mlp for layer in self.layers if isinstance(layer.mlp, Moe)]
