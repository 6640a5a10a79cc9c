"""Losses of 20 Adam steps of the three networks in PyTorch, from weights and inputs that a formula gives.

python3 loss_curves.py > loss_curves.txt     (made with PyTorch 1.13; LossCurveTests repeats the same steps)
"""
import numpy as np
import torch
import torch.nn.functional as F

STEPS, BATCHES, RATE = 20, 4, 1e-3


def uniform(stream, count):
    """Numbers in [-1, 1): SplitMix64's finalizer of stream * 2^32 + index, its upper 24 bits."""
    with np.errstate(over="ignore"):
        z = np.arange(count, dtype=np.uint64) + np.uint64(stream << 32)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return torch.from_numpy((z >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-23) - np.float32(1))


class Parameters:
    """Parameters in the order in which the network is written down; each takes the next stream."""

    def __init__(self):
        self.all, self.stream = [], 1000

    def draw(self, shape, size, offset=0.0):
        values = uniform(self.stream, int(np.prod(shape))) * np.float32(size) + np.float32(offset)
        self.stream += 1
        self.all.append(values.reshape(shape).clone().requires_grad_())
        return self.all[-1]

    def filters(self, width, inputs, outputs):
        return self.draw((width, inputs, outputs), np.sqrt(6.0 / (width * inputs)))

    def bias(self, channels):
        return self.draw((channels,), 0.1)

    def norm(self, channels):
        norm = {"scale": self.draw((channels,), 0.2, 1.0), "shift": self.draw((channels,), 0.1), "mean": torch.zeros(channels), "variance": torch.ones(channels)}
        self.stream += 2  # the running values have streams of their own, which are not drawn from
        return norm


def convolutions(p, channels, normalized):
    layers, inputs = [], 128
    for outputs in channels:
        layers.append((p.filters(4, inputs, outputs), p.norm(outputs) if normalized else p.bias(outputs)))
        inputs = outputs
    return layers


def pooled(layers, x, training=True):
    for (filters, after), pool in zip(layers, (4, 2, 2, 1)):
        x = F.max_pool1d(F.conv1d(x, filters.permute(2, 1, 0)), pool)
        if isinstance(after, dict):
            x = F.batch_norm(x, after["mean"], after["variance"], after["scale"], after["shift"], training, 0.1, 1e-5)
        else:
            x = x + after[:, None]
        x = F.relu(x)
    return torch.cat([x.mean(2), x.max(2)[0], torch.sqrt((x * x).mean(2) + 1e-8)], 1)


def squared_error(outputs, targets):
    return F.mse_loss(outputs, targets)


def cosine(outputs, targets):
    return (1 - F.cosine_similarity(outputs, targets)).mean()


def matched_pairs(outputs, targets):
    similarities = F.normalize(outputs) @ F.normalize(targets).T / 0.1
    own = torch.arange(len(outputs))
    return (F.cross_entropy(similarities, own) + F.cross_entropy(similarities.T, own)) / 2


def contrastive(z, groups):
    similarities = (z @ z.T / 0.1).masked_fill(torch.eye(len(z), dtype=torch.bool), -float("inf"))
    logs = F.log_softmax(similarities, 1)
    positive = (groups[:, None] == groups[None, :]) & ~torch.eye(len(z), dtype=torch.bool)
    counts = positive.sum(1)
    losses = -logs.masked_fill(~positive, 0).sum(1)[counts > 0] / counts[counts > 0]
    return losses.mean()


def curve(name, parameters, crops, frames, loss):
    optimizer = torch.optim.Adam(parameters, RATE)
    losses = []
    for step in range(STEPS):
        x = uniform(step % BATCHES, crops * frames * 128).reshape(crops, frames, 128)
        optimizer.zero_grad()
        value = loss(x.transpose(1, 2), step)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    print(name, *(f"{value:.7g}" for value in losses))


def factors(name, channels, hidden, outputs, crops, frames, loss):
    p = Parameters()
    layers = convolutions(p, channels, normalized=False)
    dense, inputs = [], 3 * channels[-1]
    for n in (hidden, hidden, outputs):
        dense.append((p.draw((inputs, n), np.sqrt(6.0 / inputs)), p.bias(n)))
        inputs = n

    def run(x, step):
        h = pooled(layers, x)
        for n, (weights, bias) in enumerate(dense):
            h = h @ weights + bias
            h = F.relu(h) if n < 2 else h
        return loss(h, uniform(100 + step % BATCHES, crops * outputs).reshape(crops, outputs))

    curve(name, p.all, crops, frames, run)


def encoder(name, channels, projection, crops, frames, group_size):
    p = Parameters()
    layers = convolutions(p, channels, normalized=True)
    weights = p.draw((3 * channels[-1], projection), np.sqrt(6.0 / (3 * channels[-1])))
    groups = torch.arange(crops) // group_size
    curve(name, p.all, crops, frames, lambda x, step: contrastive(F.normalize(pooled(layers, x) @ weights), groups))
    with torch.no_grad():
        embedding = pooled(layers, uniform(0, frames * 128).reshape(1, frames, 128).transpose(1, 2), training=False)
    print(name + "-embedding", *(f"{value:.7g}" for value in embedding[0]))


def autoencoder(name, channels, bottleneck, crops, frames):
    p = Parameters()
    encoding, decoding, inputs = [], [], 128
    for outputs in (channels, channels, channels, bottleneck):
        encoding.append((p.filters(4, inputs, outputs), p.bias(outputs)))
        inputs = outputs
    for outputs in (channels, channels, channels, 128):
        # Filters of the transposed convolution lie as [width, outputs, inputs]; the size is as if they were turned.
        decoding.append((p.draw((4, outputs, inputs), np.sqrt(6.0 / (4 * outputs))), p.bias(outputs)))
        inputs = outputs

    def run(x, step):
        h = x
        for n, (filters, bias) in enumerate(encoding):
            h = F.conv1d(h, filters.permute(2, 1, 0), bias, stride=2)
            h = F.relu(h) if n < 3 else h
        for n, (filters, bias) in enumerate(decoding):
            h = F.conv_transpose1d(h, filters.permute(2, 1, 0), bias, stride=2)
            h = F.relu(h) if n < 3 else h
        return F.mse_loss(h, x[:, :, : h.shape[2]])

    curve(name, p.all, crops, frames, run)


factors("factors-squared", [16, 16, 16, 32], 32, 8, 16, 120, squared_error)
factors("factors-cosine", [16, 16, 16, 32], 32, 8, 16, 120, cosine)
factors("factors-matched", [16, 16, 16, 32], 32, 8, 16, 120, matched_pairs)
factors("factors-full-size", [256, 256, 256, 512], 2048, 40, 6, 130, cosine)
encoder("encoder-pairs", [16, 16, 16, 24], 16, 16, 120, 2)
encoder("encoder-groups", [16, 16, 16, 24], 16, 16, 120, 4)
encoder("encoder-full-size", [64, 64, 64, 128], 64, 16, 199, 2)
autoencoder("autoencoder", 16, 8, 8, 120)
