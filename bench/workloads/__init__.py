"""What the workloads do, once for each way of calling; `bench.catalogue` lists them."""
