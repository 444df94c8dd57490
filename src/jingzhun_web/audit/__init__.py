"""The trail (痕迹管理): every change and every look at a sensitive field, chained so that tampering shows.

``kept`` makes models that cannot be saved outside a recorded change, ``services`` records, ``chain`` hashes and
verifies without a database, ``guards`` puts the second net into the database, ``anchors`` writes heads outside it.
"""
