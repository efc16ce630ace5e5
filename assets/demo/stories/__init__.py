"""The four stories of the demo race: what each agent said, ran and got back, as plain data."""
