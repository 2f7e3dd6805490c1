"""The only places that know the order of the steps: looking, inspecting, repairing, sweeping, announcing."""
