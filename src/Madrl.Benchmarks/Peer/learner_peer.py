"""The updates of `madrl bench learner` in PyTorch.

Started with a folder as its argument. Says `ready VERSION`, then reads lines `CASE UPDATES` on stdin, makes so many updates of
the case (weights, batch and numbers lie in FOLDER/CASE.safetensors and are read once) and answers each by one line: the
microseconds per update, then what the last update measured.
"""

import json
import struct
import sys
import time

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError as error:
    sys.exit(str(error))


def read(path):
    """The tensors of a safetensors file."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(length)), bytearray(file.read())
    types = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64}
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            first, end = entry["data_offsets"]
            kind = types[entry["dtype"]]
            tensors[name] = torch.frombuffer(data[first:end], dtype=kind).reshape(entry["shape"])
    return tensors


def load(module, weights):
    """Fills a module's parameters, one after another, from a flat vector."""
    nn.utils.vector_to_parameters(weights.reshape(-1).clone(), module.parameters())
    return module


def mlp(inputs, outputs, weights):
    layers = nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, outputs)
    return load(nn.Sequential(*layers), weights)


def follow(target, online, tau):
    with torch.no_grad():
        for follower, leader in zip(target.parameters(), online.parameters()):
            follower.mul_(1 - tau).add_(leader, alpha=tau)


def step(parameters, optimiser, loss, max_norm):
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, max_norm)
    optimiser.step()


def one_hot(scores):
    return F.one_hot(scores.argmax(1), scores.shape[1]).float()


class Maddpg:
    def __init__(self, data):
        self.discount, self.tau = data["discount"].item(), data["tau"].item()
        self.regularisation, self.max_norm = data["regularisation"].item(), data["max_norm"].item()
        self.noise = data.get("noise")
        self.updates = 0
        self.actors = [mlp(18, 5, weights) for weights in data["actor"]]
        self.target_actors = [mlp(18, 5, weights) for weights in data["actor"]]
        self.critics = [mlp(69, 1, weights) for weights in data["critic"]]
        self.target_critics = [mlp(69, 1, weights) for weights in data["critic"]]
        rate = data["learning_rate"].item()
        self.actor_optimisers = [torch.optim.Adam(actor.parameters(), rate) for actor in self.actors]
        self.critic_optimisers = [torch.optim.Adam(critic.parameters(), rate) for critic in self.critics]
        actions = F.one_hot(data["actions"].long(), 5).float()
        self.samples = [
            {
                "observations": [x[:, 0].contiguous() for x in data["observations"][sample]],
                "next": [x[:, 1].contiguous() for x in data["observations"][sample]],
                "actions": list(actions[sample]),
                "rewards": [x.unsqueeze(-1) for x in data["rewards"][sample]],
                "terminated": data["terminated"][sample].unsqueeze(-1),
            }
            for sample in range(len(actions))
        ]

    def noisy(self, logits, sample, agent, step):
        if self.noise is None:
            return logits - torch.empty_like(logits).exponential_().log()
        return logits + self.noise[self.updates, sample, agent, :, step]

    def critic_step(self, agent, sample):
        with torch.no_grad():
            actions = []
            for other, actor in enumerate(self.target_actors):
                logits = actor(sample["next"][other])
                actions.append(one_hot(self.noisy(logits, agent, other, 1)))
            value = self.target_critics[agent](torch.cat(sample["next"] + actions, 1))
            target = sample["rewards"][agent] + self.discount * (1 - sample["terminated"]) * value
        critic = self.critics[agent]
        loss = F.mse_loss(critic(torch.cat(sample["observations"] + sample["actions"], 1)), target)
        step(critic.parameters(), self.critic_optimisers[agent], loss, self.max_norm)
        return loss.item()

    def actor_step(self, agent, sample):
        actor = self.actors[agent]
        logits = actor(sample["observations"][agent])
        soft = F.softmax(self.noisy(logits, agent, agent, 0), 1)
        actions = list(sample["actions"])
        actions[agent] = one_hot(soft) - soft.detach() + soft
        value = self.critics[agent](torch.cat(sample["observations"] + actions, 1))
        loss = -value.mean() + self.regularisation * logits.pow(2).mean()
        step(actor.parameters(), self.actor_optimisers[agent], loss, self.max_norm)
        return loss.item()

    def update(self):
        agents = len(self.actors)
        critic_loss = actor_loss = 0.0
        for agent in range(agents):
            sample = self.samples[agent % len(self.samples)]
            critic_loss += self.critic_step(agent, sample)
            actor_loss += self.actor_step(agent, sample)
        for agent in range(agents):
            follow(self.target_critics[agent], self.critics[agent], self.tau)
            follow(self.target_actors[agent], self.actors[agent], self.tau)
        self.updates += 1
        return critic_loss / agents, actor_loss / agents


class Mappo:
    def __init__(self, data):
        self.clip, self.entropy, self.max_norm = (data[name].item() for name in ("clip", "entropy", "max_norm"))
        self.data = data
        self.actions = data["actions"].long().unsqueeze(1)
        self.actor = mlp(data["actor_inputs"].shape[1], 5, data["actor"])
        self.critic = mlp(data["critic_inputs"].shape[1], 1, data["critic"])
        rate, epsilon = data["learning_rate"].item(), data["epsilon"].item()
        self.actor_optimiser = torch.optim.Adam(self.actor.parameters(), rate, eps=epsilon)
        self.critic_optimiser = torch.optim.Adam(self.critic.parameters(), rate, eps=epsilon)

    def update(self):
        log = F.log_softmax(self.actor(self.data["actor_inputs"]), 1)
        ratio = (log.gather(1, self.actions).squeeze(1) - self.data["old_log_probability"]).exp()
        advantages = self.data["advantages"]
        gain = torch.min(ratio * advantages, ratio.clamp(1 - self.clip, 1 + self.clip) * advantages)
        policy_loss = -gain.mean()
        entropy = -(log.exp() * log).sum(1).mean()
        step(self.actor.parameters(), self.actor_optimiser, policy_loss - self.entropy * entropy, self.max_norm)
        value_loss = F.mse_loss(self.critic(self.data["critic_inputs"]).squeeze(1), self.data["targets"])
        step(self.critic.parameters(), self.critic_optimiser, value_loss, self.max_norm)
        return policy_loss.item(), value_loss.item(), entropy.item()


class RecurrentAgent(nn.Module):
    def __init__(self, inputs, hidden, actions):
        super().__init__()
        self.fc1 = nn.Linear(inputs, hidden)
        self.rnn = nn.GRUCell(hidden, hidden)
        self.fc2 = nn.Linear(hidden, actions)

    def forward(self, inputs, hidden):
        hidden = self.rnn(F.relu(self.fc1(inputs)), hidden)
        return self.fc2(hidden), hidden

    def unroll(self, inputs):
        """Values [B, T, n, A] for inputs [B, T, n, I], from the state zero."""
        batch, steps, agents, _ = inputs.shape
        hidden = torch.zeros(batch * agents, self.rnn.hidden_size)
        values = []
        for t in range(steps):
            value, hidden = self(inputs[:, t].reshape(batch * agents, -1), hidden)
            values.append(value.view(batch, agents, -1))
        return torch.stack(values, 1)


class QMixer(nn.Module):
    def __init__(self, agents, state, embed, hypernet):
        super().__init__()
        self.agents, self.embed = agents, embed
        self.hyper_w_1 = nn.Sequential(nn.Linear(state, hypernet), nn.ReLU(), nn.Linear(hypernet, agents * embed))
        self.hyper_w_final = nn.Sequential(nn.Linear(state, hypernet), nn.ReLU(), nn.Linear(hypernet, embed))
        self.hyper_b_1 = nn.Linear(state, embed)
        self.V = nn.Sequential(nn.Linear(state, embed), nn.ReLU(), nn.Linear(embed, 1))

    def forward(self, values, states):
        batch, steps, _ = values.shape
        flat = states.reshape(batch * steps, -1)
        w1 = self.hyper_w_1(flat).abs().view(-1, self.agents, self.embed)
        b1 = self.hyper_b_1(flat).view(-1, 1, self.embed)
        hidden = F.elu(torch.bmm(values.reshape(-1, 1, self.agents), w1) + b1)
        w_final = self.hyper_w_final(flat).abs().view(-1, self.embed, 1)
        v = self.V(flat).view(-1, 1, 1)
        return (torch.bmm(hidden, w_final) + v).view(batch, steps)


class Qmix:
    def __init__(self, data):
        self.discount, self.tau, self.max_norm = (data[name].item() for name in ("discount", "tau", "max_norm"))
        self.data = data
        self.actions = data["actions"].long().unsqueeze(3)
        self.one_hot = F.one_hot(self.actions.squeeze(3), 5).float()
        agents, size, state = data["observations"].shape[2], data["observations"].shape[3], data["states"].shape[2]
        self.agent, self.target_agent = (load(RecurrentAgent(size + 5 + agents, 64, 5), data["agent"]) for _ in range(2))
        self.mixer, self.target_mixer = (load(QMixer(agents, state, 32, 64), data["mixer"]) for _ in range(2))
        self.parameters = [*self.agent.parameters(), *self.mixer.parameters()]
        self.optimiser = torch.optim.Adam(self.parameters, data["learning_rate"].item())

    def inputs(self):
        batch, _, agents, actions = self.one_hot.shape
        previous = torch.cat([torch.zeros(batch, 1, agents, actions), self.one_hot], 1)
        ids = torch.eye(agents).expand(batch, previous.shape[1], agents, agents)
        return torch.cat([self.data["observations"], previous, ids], 3)

    def update(self):
        inputs = self.inputs()
        values = self.agent.unroll(inputs)
        chosen = values[:, :-1].gather(3, self.actions).squeeze(3)
        with torch.no_grad():
            best = values[:, 1:].argmax(3, keepdim=True)
            following = self.target_agent.unroll(inputs)[:, 1:].gather(3, best).squeeze(3)
            value = self.target_mixer(following, self.data["states"][:, 1:])
            targets = self.data["rewards"] + self.discount * (1 - self.data["terminated"]) * value
        errors = (self.mixer(chosen, self.data["states"][:, :-1]) - targets) * self.data["mask"]
        loss = errors.pow(2).sum() / self.data["mask"].sum()
        step(self.parameters, self.optimiser, loss, self.max_norm)
        follow(self.target_agent, self.agent, self.tau)
        follow(self.target_mixer, self.mixer, self.tau)
        return (loss.item(),)


class Actor:
    def __init__(self, data):
        self.actor = mlp(data["observations"].shape[1], 5, data["actor"])
        self.observations = data["observations"]

    def update(self):
        with torch.no_grad():
            return self.actor(self.observations)


FAMILIES = {"maddpg": Maddpg, "mappo": Mappo, "qmix": Qmix, "actor": Actor}


def numbers(measured):
    return measured.flatten().tolist() if isinstance(measured, torch.Tensor) else measured


def main(folder):
    torch.set_num_threads(1)
    print("ready", torch.__version__, flush=True)
    cases = {}
    for line in sys.stdin:
        name, updates = line.split()
        if name not in cases:
            cases[name] = FAMILIES[name.split("-")[0]](read(f"{folder}/{name}.safetensors"))
        update = cases[name].update
        started = time.perf_counter()
        for _ in range(int(updates)):
            measured = update()
        microseconds = 1e6 * (time.perf_counter() - started) / int(updates)
        print(microseconds, *numbers(measured), flush=True)


main(sys.argv[1])
