"""What the seeds say, checked and read before anything is built: targets, corrections, responsible units.

The seeds are written by people; every fault is answered with file, row, value and what to do. How a target text is
read is the grammar's business, what the rows mean together is dbt's.
"""
